"""Writes lines of awkward Unicode by seed, and their tokens by Hugging Face's tokenizers.

WordPiece: the vocabulary of all-MiniLM-L6-v2, from the Maven artifact named in cards.py.
Pairs of bytes: a vocabulary that is trained here, on text made by seed, so that it can be committed.
Both go through transformers' own classes from the old kinds of files (vocab.txt; vocab.json and
merges.txt), so that the files that Graft makes of them are compared, too.

python tokens.py all-minilm-l6-v2-tokenizer.json ../../resources/golden/text
"""
import json
import os
import random
import sys

from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, trainers
from transformers import BertTokenizerFast, GPT2TokenizerFast, RobertaTokenizerFast

LINES = 1000
MASK = AddedToken("<mask>", lstrip=True, special=True)  # as RoBERTa's published tokenizer.json has it
RANGES = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF),
    (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2190, 0x21FF), (0x2E80, 0x2FDF),
    (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xFB00, 0xFB4F),
    (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x20000, 0x200FF),
    (0xE0100, 0xE01EF),
]
WORDS = (
    "the of naïve Zürich don't can't DON'T e-mail 3.14 1,000,000 50% $9.99 C++ #hash @name "
    "unaffable İstanbul ﬁle ﬂow Straße ΑΣ Σίσυφος ǅ Ⅷ ½ x² co\u00adop a\u0301 e\u0301\u0300 "
    "\u200b zero\u200dwidth \ufeff \u2028 \u00a0 \t [CLS] [SEP] [MASK] <s> </s> <mask> <|endoftext|> "
    "👩‍👩‍👧‍👦 🇩🇪 👍🏽 ☃️ ไทย 日本語 中文字符 한국어 עברית العربية हिन्दी "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
).split(" ")


def lines(seed):
    draw = random.Random(seed)
    made = []
    while len(made) < LINES:
        parts = []
        for _ in range(draw.randint(1, 6)):
            if draw.random() < 0.5:
                parts.append(draw.choice(WORDS))
            else:
                low, high = draw.choice(RANGES)
                parts.append("".join(chr(draw.randint(low, high)) for _ in range(draw.randint(1, 6))))
        line = draw.choice(["", " "]) + draw.choice([" ", "", "  "]).join(parts)
        if line.strip() and "\n" not in line and "\r" not in line and "\0" not in line:
            made.append(line)
    return made


def byte_pairs(folder):
    draw = random.Random(7)
    text = [" ".join(draw.choice(WORDS) for _ in range(12)) for _ in range(400)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=700, show_progress=False, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(text, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    with open(os.path.join(folder, "vocab.json"), "w", encoding="utf-8") as f:
        json.dump(model["vocab"], f, ensure_ascii=False)
    with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as f:
        f.write("#version: 0.2\n")
        for pair in model["merges"]:
            f.write((pair if isinstance(pair, str) else " ".join(pair)) + "\n")
    return model


def write(folder, name, tokenizer, texts, pairs):
    with open(os.path.join(folder, name), "w") as f:
        for text in texts:
            f.write(" ".join(map(str, tokenizer(text)["input_ids"])) + "\n")
        for a, b in pairs:  # cut to 24 tokens, the longer one first
            ids = tokenizer(a, b, truncation="longest_first", max_length=24)["input_ids"]
            f.write(" ".join(map(str, ids)) + "\n")


def main(wordpiece, folder):
    os.makedirs(folder, exist_ok=True)
    texts = lines(1)
    with open(os.path.join(folder, "lines.jsonl"), "w", encoding="utf-8") as f:
        for text in texts:
            f.write(json.dumps(text) + "\n")
    pairs = list(zip(texts[0::2], texts[1::2]))[:100]
    with open(wordpiece, encoding="utf-8") as f:
        vocab = json.load(f)["model"]["vocab"]
    work = os.path.join("/tmp", "graft-golden-vocab.txt")
    with open(work, "w", encoding="utf-8") as f:
        f.write("\n".join(sorted(vocab, key=vocab.get)) + "\n")
    bert = Tokenizer.from_file(wordpiece)
    bert.no_padding()
    bert.no_truncation()
    whole = BertTokenizerFast(tokenizer_object=bert, cls_token="[CLS]", sep_token="[SEP]",
                              unk_token="[UNK]", pad_token="[PAD]", mask_token="[MASK]")
    write(folder, "wordpiece.txt", whole, texts, pairs)
    model = byte_pairs(folder)
    merges = [tuple(p.split(" ")) if isinstance(p, str) else tuple(p) for p in model["merges"]]
    write(folder, "roberta.txt", RobertaTokenizerFast(vocab=model["vocab"], merges=merges, mask_token=MASK), texts, pairs)
    gpt2 = {t: i for t, i in model["vocab"].items() if t not in ("<s>", "</s>")}
    gpt = GPT2TokenizerFast(vocab=gpt2, merges=merges, unk_token=None, bos_token=None, eos_token=None)
    write(folder, "gpt2.txt", gpt, texts, [])


if __name__ == "__main__":
    main(*sys.argv[1:])
