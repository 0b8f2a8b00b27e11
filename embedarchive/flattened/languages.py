"""Which language a stretch of text is in, by its commonest words, letters and script. Pure.

Enough to notice that a tweet is in another language than the article, which is no more than one
line that differs from the next. From general knowledge of the languages that articles with tweets
come in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from struct import Struct

# Of two letters and more: shorter ones are words of many languages. `com` and `co` are not among
# them, since they stand in links.
_COMMON = (
    # English, German, Spanish, French
    "the of and to in is that it for was on are with as at be this have from you not by but they "
    "his her she he we our your their its has had were will would can what which who when if or "
    "an there been one all more about so just now out up get got here how than them these those "
    "into over after only like also no do does did don isn my me us new today very much think "
    "people know going let see why because",
    "der die das und ist nicht ein eine zu den mit auf für von dem im sich auch es wir ich sie "
    "er des als an aus bei oder wie noch nur wird sind war haben hat wenn aber nach über zum zur "
    "einen einer einem kann so vor durch mehr werden uns euch mein dein kein keine schon immer "
    "heute jetzt hier diese dieser dieses dass was wer gibt vom am bis um unter sehr wurde habe "
    "bin",
    "el la los las que de en un una por con para del se lo su es al como más pero sus le ya este "
    "sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos "
    "durante todos uno les ni contra otros ese eso ante ellos esto antes algunos qué unos yo "
    "otro otras otra él tanto esa estos mucho nada muchos cual no si hoy ahora son está han ser "
    "fue",
    "le la les des et est une un du que pas pour dans qui sur au avec ce il sont je nous vous "
    "ils elle se ne plus par aux ou mais comme cette ces son sa ses leur leurs été être avoir "
    "fait tout tous même aussi bien très sans où si nos notre votre mon ma mes ça en de ont "
    "était",
    # Portuguese, Turkish, Indonesian, Italian
    "os as um uma do da em que não para no na por mais se dos ao das aos pelo pela como mas "
    "foi ele ela são seu sua ou ser quando muito nos já eu também só até isso entre era depois "
    "sem mesmo ter seus quem nas me esse eles está você tinha foram essa num nem suas meu minha "
    "têm numa pelos elas qual nós lhe estas estão hoje de",
    "ve bir bu da de için ile çok ne ama daha gibi olan olarak var mı ben sen ki mi en kadar "
    "değil sonra her şey yok bana sana onu bunu şu biz siz onlar ya hem bile ise diye oldu "
    "olduğu zaman nasıl neden şimdi bugün artık göre önce kendi iyi yeni olur eder etti ediyor "
    "hiç veya",
    "yang dan di ini itu untuk dengan dari tidak ke akan pada juga ada saya karena kita kami "
    "mereka bisa sudah atau oleh dalam adalah lebih jadi kalau tapi aku kamu dia apa seperti "
    "hanya lagi belum masih harus banyak saat telah orang yg dr tdk dgn utk gak ga nggak bukan "
    "sama mau aja banget nya klo kalo udah sdh tsb krn jg tentang para bagi secara setelah bahwa "
    "hal tahun",
    "il di che la per un una non con del sono della da si gli nel più anche ma come al dei lo le "
    "alla delle questo questa ha ci mi ti io se su dal ai nella alle degli chi cosa quando solo "
    "ancora dopo tutti tutto già ora oggi perché sua suo loro noi voi essere fatto stato era ho "
    "hanno molto qui così senza",
    # Dutch, Polish, Czech, Swedish
    "de het een en van is dat niet op te zijn voor met die aan ook er maar in bij nog naar dan "
    "wel om uit door over als je ik we ze hij wij jij deze dit wat wie waar hun ons onze geen "
    "meer veel al heeft hebben had was worden wordt werd kan moet zo hoe toch alleen nu heel "
    "tegen onder",
    "na do się nie to że jest jak po za od ale tym są przez dla czy już tylko może tak ten ta "
    "te przy bez który która które był była było być jego jej ich mnie mi ci nas was oraz "
    "jeszcze kiedy gdy bo więc teraz dziś tego tej pod także będzie jestem ma mam",
    "se na je že to do jako ale jsou po za by ve pro jak od tak si který která které byl byla "
    "bylo být jen už má jeho jejich nebo pokud kdy ten ta tento také ještě až když však podle "
    "bude proti při mezi před nás vás mi není jsem jste",
    "och att det som en på är av för med den till inte om ett har jag från var så men de vi kan "
    "när nu ut över under efter upp hade där mot än blir bara också sig min din ska vara mycket "
    "alla detta hur vad",
    # Danish and Norwegian, Romanian, Vietnamese, Finnish
    "og at det som en på er af av for med den til ikke om et har jeg fra var så men de vi kan "
    "når nu ud ut over under efter etter op opp havde hadde der mot end blir kun også sig seg "
    "min din skal være meget alle dette hvordan hvad hva",
    "și de la în cu pe nu este care că un din mai sunt pentru au fi ce se dar prin sau după ca "
    "cel lui ei ne vă te această acest doar foarte când fost am ai",
    "và của là có không được cho các trong một những người với này đã để khi về từ như nhưng "
    "cũng tôi bạn nên rất sẽ đang",
    "ja on ei se että oli hän mutta ovat kun niin myös joka mitä tämä sen jos vain ole kuin minä "
    "sinä nyt hyvin olen",
    # Hungarian, Croatian, Filipino
    "az és hogy nem is egy ez van volt meg de csak mint már ha még azt ki el kell lesz nagyon "
    "vagy én te ő mi",
    "je na se da su za od ne što kao ali iz koji koja koje bi ako sam biti ili nije samo već još "
    "tako kada može ovo to",
    "ang ng sa na mga ay at si ito ko mo siya hindi ako para may kung po ni naman lang din niya "
    "kami tayo sila",
)
_LETTERS = {
    1: "ß", 2: "ñ¿¡", 4: "ãõ", 5: "ğış", 7: "ùò", 9: "łżźśęą", 10: "řěů", 12: "ø", 13: "țș",
    14: "ơư", 16: "őű",
}  # fmt: skip
"""By the number of a language, letters that the others lack."""
_ONE, _LETTER_COUNTS, _LEAD = 60, 42, 30
"""What a word of one language alone counts for it, and a letter; and by how much the likeliest
language is ahead of the next."""

# The last code point of a script's range, rising, and a number for it; 0 says nothing.
_SCRIPTS = (
    (0x3FF, 20), (0x52F, 21), (0x58F, 0), (0x5FF, 27), (0x6FF, 22), (0x8FF, 0), (0xDFF, 23),
    (0xE5F, 24), (0x303F, 0), (0x9FFF, 25), (0xABFF, 0), (0xD7A3, 26),
)  # fmt: skip
_FOREIGN = re.compile(r"[\u0370-\u052f\u0591-\u06ff\u0900-\u0e5f\u3040-\u9fff\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LINK = re.compile(r"https?://\S+|pic\.\S+")
_READ, _MOST_WORDS = 400, 300
"""Characters whose script is looked at, and words."""


def _weights() -> dict[str, int]:
    """What each word and letter counts for which languages: the more have it, the less.

    Of each language 16 bits of one number, so that a text's are added up all at once.
    """
    at = defaultdict(list)
    for number, words in enumerate(_COMMON):
        for word in words.split():
            at[word].append(16 * number)
    weights = {
        word: sum((_ONE // len(found)) << place for place in found) for word, found in at.items()
    }
    for number, letters in _LETTERS.items():
        weights |= dict.fromkeys(letters, _LETTER_COUNTS << 16 * number)
    return weights


_WEIGHTS = _weights()
_KNOWN = frozenset(_WEIGHTS)
COMMONEST = frozenset(word for words in _COMMON for word in words.split()[:20])
"""Words that say nothing of whom or what a text is about."""
_COUNTS = Struct(f"<{len(_COMMON)}H")
_LETTER = re.compile(f"[{''.join(_LETTERS.values())}]")


def language_of(text: str, words: Sequence[str]) -> int:
    """A number for the script of a text or, where that is Latin, its language; -1 if unknown.

    `words` are those of the text in small letters (`words.words_of`).
    """
    if not text.isascii() and _FOREIGN.search(text, 0, _READ) and (script := _script_of(text)):
        return script
    language = _likeliest(_KNOWN.intersection(words[:_MOST_WORDS]))
    if language >= 0 or text.isascii():
        return language
    return _likeliest(_KNOWN.intersection([*words[:_MOST_WORDS], *_LETTER.findall(text.lower())]))


def _likeliest(known: Iterable[str]) -> int:
    counts = _COUNTS.unpack(sum(map(_WEIGHTS.__getitem__, known)).to_bytes(_COUNTS.size, "little"))
    next_best, best = sorted(counts)[-2:]
    return counts.index(best) if best - next_best >= _LEAD else -1


def _script_of(text: str) -> int:
    """Of a text a third of whose letters are not Latin, those letters' script, or 0."""
    text = text[:_READ]
    found = _FOREIGN.findall(text)
    if 2 * len(found) < len(_LATIN.findall(_LINK.sub("", text))):
        return 0
    code = ord(sorted(found)[len(found) // 2])
    return next((number for last, number in _SCRIPTS if code <= last), 0)
