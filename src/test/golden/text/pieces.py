"""Small SentencePiece models trained on the committed mails, and their tokens of lines of awkward Unicode, by the
sentencepiece library itself (0.2.3; protobuf 7.36.2). For SentencePieceTest:

python pieces.py conf/quickstart/mails.jsonl src/test/resources/golden/text

t5: unigram, letters written anew (nmt_nfkc), a symbol of its user; </s> behind a text. xlnet: unigram, the marks on
letters taken off beforehand as XLNet's own program does it, pieces such as "9," made unlikely as transformers'
converter does it; <sep> <cls> behind a text. pairs: BPE with bytes for unknown letters, blanks as they are.
"""
import json
import os
import sys
import unicodedata

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

MORE = [
    "a <sym> b", "<sym>", "x<sym><sym>y <sy", "</s> <pad> <unk> <cls> <sep>", "tabs\tand\nlines\r\n here",
    "  three   blanks   ", "\u3000wide\u3000\u3000blank ", "\u2581mark \u2581 ", "e\u0301\u0300\u0323 o\u0308\u0304",
    "\u1112\u1161\u11ab\u1100\u1173\u11af", "\u200bzero\u200b width\u200b", "\ufb03 \u2167 \u00bd \u33a2", "9, 10, 1,234, \u0664,",
    "``quotes'' `one' ''", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea", "<0x41><0x0A>", "\u0130\u0131 \u1e9e",
    "\x01\x02 controls \x7f\x85", "\u00a0\u00a0", "Click here to be removed from our list! $1,000,000.00 FREE",
]


def train(folder, name, texts, **settings):
    prefix = os.path.join(folder, name)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_prefix=prefix, num_threads=1, minloglevel=2, **settings)
    os.remove(prefix + ".vocab")
    with open(prefix + ".model", "rb") as f:
        return sentencepiece_model_pb2.ModelProto.FromString(f.read())


def plain(text):
    text = unicodedata.normalize("NFKD", text.replace("``", '"').replace("''", '"'))
    return "".join(c for c in text if not unicodedata.category(c).startswith("M"))


def write(folder, name, model, lines, behind, change=lambda text: text):
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())
    ids = [processor.piece_to_id(piece) for piece in behind]
    with open(os.path.join(folder, name + ".txt"), "w") as f:
        for line in lines:
            f.write(" ".join(map(str, processor.encode(change(line)) + ids)) + "\n")


def main(mails, folder):
    with open(mails, encoding="utf-8") as f:
        texts = [line for row in f for line in json.loads(row)["text"].split("\n") if line.strip()]
    with open(os.path.join(folder, "lines.jsonl"), encoding="utf-8") as f:
        lines = [json.loads(line) for line in f] + MORE
    with open(os.path.join(folder, "more.jsonl"), "w") as f:
        f.writelines(json.dumps(line) + "\n" for line in MORE)
    t5 = train(folder, "t5", texts, vocab_size=1200, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
               normalization_rule_name="nmt_nfkc", user_defined_symbols=["<sym>"])
    write(folder, "t5", t5, lines, ["</s>"])
    xlnet = train(folder, "xlnet", texts + ["9, 9, 9, 1, 9, 1,"] * 300, vocab_size=1500, normalization_rule_name="identity",
                  control_symbols=["<cls>", "<sep>"])
    for piece in xlnet.pieces:
        if len(piece.piece) > 1 and piece.piece[-1] == "," and piece.piece[-2].isdigit():
            piece.score -= 100
    write(folder, "xlnet", xlnet, lines, ["<sep>", "<cls>"], plain)
    pairs = train(folder, "pairs", texts, vocab_size=900, model_type="bpe", pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
                  normalization_rule_name="identity", byte_fallback=True, remove_extra_whitespaces=False)
    write(folder, "pairs", pairs, lines, ["</s>"])


if __name__ == "__main__":
    main(*sys.argv[1:])
