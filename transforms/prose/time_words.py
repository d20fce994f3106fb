"""Know the wordings in which Chinese report prose speaks of time: one pattern, `SCANNER`, with a group for each kind.

Refuses to say which days are meant. Every repetition is bounded and no two alternatives can share a long stretch, so
that a text of any size is scanned in time proportional to its length. Words that only contain a time (项目前期, 展现在,
提前年, 一月一次) are kept out by what stands beside them.

The kinds: `norm` (no time of a figure: every year, a title in 《》), `five` (a five-year plan), `ahead`, `calendar`
(groups `before`, `core`, `after`, `filler`), `ago` (years or months back from now), `since` (…以来, whose beginning is
to the left), `asof` (now), `term` (a congress's term), `waning` (told from publication: 本月, 昨日), `during`.
"""

from __future__ import annotations

import re

_DASH = r"(?:[-~至到—–―－～─−]{1,2})"
_Y4 = r"(?:19|20)[0-9]{2} ?年度?|[一二][九〇零][〇零一二三四五六七八九]{2}年度?"
_YEAR = rf"(?:(?<![0-9.])(?:{_Y4})|(?<!如)今年度?|本年度?|(?<!过)(?<!失)去年度?|(?<![以晚])上年(?!纪)度?|上一年度?"
_YEAR += r"|(?<![以之此目提年])前年|明年|来年(?!来)|(?<!前)后年|同年)"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元(?=月))"
_D = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_Q = "[一二三四1-4]"
# 6月, 6月12日, 6月12日至15日, 1-6月, 1月至2026年6月, 6月底; 六月一次 and 三月三 are none.
_MONTHS = (
    rf"(?<![0-9.一二三四五六七八九十第])"
    rf"(?:{_M}(?:月份?)?{_DASH}(?:(?:19|20)[0-9]{{2}}年)?{_M}月份?(?!{_D}[日号])"
    rf"|{_M}月份?{_D}(?:[日号](?:{_DASH}(?:(?:(?:19|20)[0-9]{{2}}年)?{_M}月)?{_D}[日号])?|{_DASH}{_D}[日号])"
    rf"|{_M}月(?:[上中下]旬|[初底末]){_DASH}(?:{_M}月)?(?:[上中下]旬|[初底末])"
    rf"|{_M}月份?(?:[上中下]旬|[底末](?![层线端])|初(?![中级心])|(?![一二三四五六七八九十半龄季])))"
)
_QUARTERS = rf"第?{_Q}(?:季度)?(?:{_DASH}第?{_Q})?个?季度|前[二两三四2-4]个?季度|前{_M}个?月(?!份)"
_EDGE = r"年?[底末](?![层线端])|年?初(?![中级心])"
_PART = rf"(?:{_MONTHS}|[上下]半年|{_QUARTERS}|全年)"
_YEARS = (
    rf"(?<![0-9.])(?:(?:{_Y4}|(?:19|20)[0-9]{{2}}){_DASH}(?:{_Y4})(?:年?[底末])?"
    rf"|(?:19|20)[0-9]{{2}}(?:、(?:19|20)[0-9]{{2}}){{1,5}}年度?)"
)
_ISO = r"(?<![0-9.])(?:19|20)[0-9]{2}(?P<sep>[-/.])(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
_CORE = rf"{_YEARS}|{_YEAR}(?:{_PART}|{_EDGE})?|{_PART}|(?<![0-9每])年(?:[底末初])(?![层线端中级])|{_ISO}"
_SELF = r"(?<![来各独亲])自从?|从"
_SINCE = r"以来|至今(?![年日天后])|起(?![施实执草])|开始(?=[,，、])"
_FILLER = r"[^，。；：、！？,;:!?\n\r 自今去0-9“”（）()]{1,16}?"
_OCCASION = r"(?!闭会|[^，。；：、！？,;:!?\n\r]{1,4}闭会)[^，。；：、！？,;:!?\n\r 自今去0-9“”（）()]{1,6}?"
_CALENDAR = (
    rf"(?P<before>{_SELF}|截至到?|截止到?|直?到|至)?(?P<core>{_CORE})"
    rf"(?P<after>{_SINCE}|同期|期间|(?:[之以]?前)(?![后一二两三四五六七八九十列期0-9])"
    rf"|(?P<filler>{_FILLER})(?:以来|至今(?![年日天]))|(?P<occasion>{_OCCASION})期间)?"
)
_NUMBER = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|几|数)(?:余|多)?"
_AGO = (
    rf"(?:(?:最近|过去|近|这|走过)的?)?(?<![0-9.一二三四五六七八九十第])(?:(?P<one>[一1])|{_NUMBER})年多?"
    rf"(?:来|以来|间)(?!自|往)"
    rf"|(?:最近|过去|近|这)的?(?<![0-9.一二三四五六七八九十第])(?:(?P<last>[一1])|{_NUMBER})年(?![以来间多])"
    rf"|近年来?|近些年来?|多年以?来|历年来?|(?P<half>(?:近|这)?(?:半年|{_NUMBER}个多?月)多?(?:来|以来|间))"
)
_AS_OF = (
    r"(?:截至到?|截止到?|直到|到|至|迄)?"
    r"(?:(?<![项科题节栏条篇书数名])目前|当前(?!的?位置|页)|(?<![呈出体展发实再显浮涌表])现在|如今)(?:为止)?(?![期景])"
    r"|截至(?:记者)?(?:发稿|报道)时?|迄今(?:为止)?|(?<!截)至今(?![年日天后])"
)
_TERM = r"届内|本?任期(?:以来|内)|本届(?:任期)?内"
_WANING = r"本月|当月|上个?月|这个月|下个?月|本季度|上季度|昨日|昨天"
_AHEAD = rf"下一?步|下一?阶段|接下来|今后(?:{_NUMBER}年|一个时期)?|未来{_NUMBER}年|下一年度?|今明两年|明后两年"
_PLAN = r"[“\"‘「]?(?P<plan>十[一二三四五六七八九])五[”\"’」]?(?:规划)?(?:以来|期间|时期|末)"
_NORM = (
    r"《[^《》\n]{1,60}》(?!(?:[^，。；：、！？,;:!?\n ]{1,8})以来)"
    rf"|每(?:[一个]?(?:年|季度))(?:的)?(?:{_PART}|{_EDGE})?"
    r"|(?:长期|一直|历史|有史|自古|连日|近日|近期|一段时间|一段时期)以来|闭会期间|贯穿全年|[常全]年(?:如一|无休)"
)
_DURING = r"活动(?:开展)?期间|(?:会议|大会|两会|代表大会)期间"
_CLAUSE_SINCE = r"以来|(?<=成立|启动|开展|实施|运行|建成|投用|创建|设立|任职|当选|履职|换届)至今(?![年日天后])"
# Every time begins with one of these; looking for them first is six times as fast.
_FIRST = (
    r"[0-9一二三四五六七八九十〇元今本去上前明来后同下全年每截自从直到至最近过这走多历几数目当现如迄届任昨接未"
    r"闭贯常长有连会大两活以起第半“\"‘「《]"
)
SCANNER = re.compile(
    rf"(?={_FIRST})(?:(?P<norm>{_NORM})|(?P<five>{_PLAN})|(?P<ahead>{_AHEAD})|(?P<calendar>{_CALENDAR})|(?P<ago>{_AGO})"
    rf"|(?P<since>{_CLAUSE_SINCE})|(?P<asof>{_AS_OF})|(?P<term>{_TERM})|(?P<waning>{_WANING})|(?P<during>{_DURING}))"
)
