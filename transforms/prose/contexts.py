"""What stands around a number: its clause to the left, the noun to the right, what is said of it behind.

Works on the `shape` of a text: the same characters at the same places, but remarks in brackets, titles of documents
and punctuation inside quotation marks are blotted out, so that they neither cut a clause nor count as its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.prose.quantities import Quantity

BLOT = "·"
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_REMARK = re.compile(r"（[^（）0-9\n]{1,60}）")
_NAMING = re.compile(r"（(?:[A-D]类?件?[^（）0-9\n]{0,6}|[家站点室、]{1,7})）")
_QUOTE = re.compile(r"“[^“”0-9\n]{1,60}”")
_QUOTED = re.compile(r"“[^“”]*”")
_PUNCTUATION = re.compile(r"[，。；：、！？（）]")
_CLAUSE = "，。；：！？\n\t|（）"
# Words with which something else begins behind the counted noun.
_PREDICATE = re.compile(
    r"已|(?<![年平])均|全部|得到|得以|被|并|用于|获|参加|参与|开展|提档|到(?!户)|向|为|对|在|予以|全都|都|通过|进行|深入|走进|围绕|建成|投入使用|投身|分别|使|让|纳入|列入|办结|办理|解决|落实|化解|转"
    r"|票决|产生|设立|设置|建立|配备|配齐|实现|创建|成立|召开|举办|收集|接待|走访|提出|完成|组建|有了|喝上|用上|轮流|结对|出席|每[周月年]|全覆盖|全面|推行|实行|依托|征集|听取|反馈|采取|搭建|打造|郑重|吃上|住进|告别|从此|增(?!收)|减少|减至|升至|降至|提高|提升|下降|精简|扩充|扩大"
)
# A clause that goes on about the number before it: 32条建议，均已办结.
_GOES_ON = re.compile(
    r"(?:目前|现|至今|截至[^，。；]{1,8}?|如今|现已)?(?:[均都已全]|悉数|件件|得到|按期|如期|办结|绝大部分)"
)
REACH = 60
_AFTER_REACH = 40
FILLING = re.compile(
    r"共计|总计|累计|合计|总数|数量|总量|分别|达到了?|达|共有|共|有|为|约|已经?|均|及时|各类|各种|的|了|件数|条数|人数|率|等|各|到|是|·|、|“|”|以上|目前|现有?|超过?|近|逾|增至|从|由|最初|原来|（|）"
)
_FILLERS = re.compile(r"[、，和与及并共计约达为是有了到至其中另外此外以及累计合计总计分别等的·“”\s（]*")


@dataclass(frozen=True)
class Context:
    """A number and what stands around it, each stretch at most 60 characters.

    `clause` is the clause before the number back to the last number in it, `item` the part of it behind the last 、;
    `right` is the noun phrase that begins right behind the unit, `after` all that follows in the clause, and the next
    clause where that holds no number. `before` is the whole text before the number, `sentence` the sentence's own.
    """

    quantity: Quantity
    before: str = field(repr=False)
    clause: str = field(repr=False)
    item: str = field(repr=False)
    right: str = field(repr=False)
    after: str = field(repr=False)
    sentence: str = field(repr=False)
    is_subset: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing but connecting words stands with the number: what it counts was said before."""
        return _FILLERS.fullmatch(self.item) is not None and not _FILLERS.sub("", self.right)


def shape(text: str) -> str:
    """Return the text with remarks, titles and the punctuation inside quotation marks blotted out, place for place.

    >>> shape("联络室（家、点）9个，“高质量发展，代表在行动”")
    '联络室·家·点·9个，“高质量发展·代表在行动”'
    """
    text = _TITLE.sub(lambda match: "《" + BLOT * (len(match[0]) - 2) + "》", text)
    # A remark that names what is counted (A类件, 室（家、点）) loses only its brackets.
    text = _NAMING.sub(lambda match: _PUNCTUATION.sub(BLOT, match[0]), text)
    text = _REMARK.sub(lambda match: BLOT * len(match[0]), text)
    return _QUOTE.sub(lambda match: _PUNCTUATION.sub(BLOT, match[0]), text)


def read_contexts(shaped: str, quantities: Sequence[Quantity], begin: int, end: int) -> list[Context]:
    """Return the contexts of the numbers of the sentence that stands from `begin` to `end` of a shaped text."""
    contexts = []
    for number, quantity in enumerate(quantities):
        former = quantities[number - 1].end if number else begin
        latter = quantities[number + 1].start if number + 1 < len(quantities) else end
        left = max(former, quantity.start - REACH)
        # 接待选民：1200人次 is a clause, the label belongs to the number.
        clause = _tail(shaped[left : quantity.start].rstrip("：·"), _CLAUSE)
        after = _after(shaped, quantity.end, end, latter)
        contexts.append(
            Context(
                quantity=quantity,
                before=shaped[max(begin, quantity.start - REACH) : quantity.start],
                clause=clause,
                item=_tail(clause, "、"),
                right=_noun(shaped[quantity.end : min(latter, quantity.end + REACH)]),
                after=after,
                sentence=shaped[max(begin, quantity.start - 2 * REACH) : min(end, quantity.end + _AFTER_REACH)],
                is_subset="其中" in clause,
            )
        )
    return contexts


def _tail(text: str, marks: str) -> str:
    """Return what stands behind the last of the marks."""
    return text[max(text.rfind(mark) for mark in marks) + 1 :]


def _noun(text: str) -> str:
    """Return the noun phrase at the beginning of a stretch of text: up to punctuation or a predicate."""
    cut = re.search(r"[，。；：、！？…\n\t|（）]", text)
    text = text[: cut.start()] if cut else text
    # A predicate right at the beginning leaves no noun; 的 belongs to it.
    cut = _PREDICATE.search(_QUOTED.sub(lambda match: BLOT * len(match[0]), text))
    return text[: cut.start()] if cut else text


def _after(shaped: str, start: int, end: int, latter: int) -> str:
    """Return what is said behind a number: to the end of its clause and of the next, but not past another number."""
    stop = min(end, start + _AFTER_REACH)
    if latter < stop:
        between = shaped[start:latter]
        # 217条社情民意和34条意见建议得到办理: what is said of the last of a pair is said of both.
        joined = re.fullmatch(r"[^，。；：！？]{0,14}[和及与、]", between)
        rest = shaped[latter:stop]
        number = re.match(r"[0-9,.万亿余多]+", rest)
        if joined and number:
            return between + rest[number.end() :]
        # What stands in the next number's clause is said of that number: 288件代表建议已办结251件.
        clauses = re.split(r"[，；：。！？\n]", between)
        if len(clauses) == 1:
            return ""
        goes_on = len(clauses) > 2 and _GOES_ON.match(clauses[1])
        return f"{clauses[0]}，{clauses[1]}" if goes_on else clauses[0]
    text = shaped[start:stop]
    sentence_end = re.search(r"[。；！？\n]", text)
    text = text[: sentence_end.start()] if sentence_end else text
    own, _, rest = text.partition("，")
    return text if _GOES_ON.match(rest) else own
