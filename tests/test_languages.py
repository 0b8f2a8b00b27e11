"""Which language a line is in: enough to see that two lines differ."""

from __future__ import annotations

from itertools import combinations

import pytest

from embedarchive.flattened.languages import language_of
from embedarchive.flattened.words import words_of

LINES = {
    "English": "We will be there when the doors open, and so should you.",
    "German": "Wir sind da, wenn die Türen sich öffnen, und ihr auch.",
    "Spanish": "Estaremos ahí cuando se abran las puertas, y también ustedes.",
    "French": "Nous serons là quand les portes s'ouvriront, et vous aussi.",
    "Portuguese": "Nós já estamos na fila, e você também vai entrar até às oito.",
    "Turkish": "Kapılar açıldığında biz de orada olacağız, ve sen de.",
    "Indonesian": "Kita akan ada di sana saat pintu dibuka, dan kalian juga.",
    "Italian": "Noi saremo lì quando si aprono le porte della sala, e anche voi.",
    "Dutch": "Wij zijn er als de deuren opengaan, en jij ook.",
    "Polish": "Będziemy tam, gdy drzwi się otworzą, a ty też, już jest blisko.",
    "Czech": "Budeme tam, když se dveře otevřou, a ty také, protože už je čas.",
    "Swedish": "Vi är där när dörrarna öppnas, och det ska du också vara.",
    "Danish": "Vi er der, når dørene åbner, og det skal du også være af.",
    "Romanian": "Vom fi acolo când se deschid ușile, și tu, pentru că este seara noastră.",
    "Vietnamese": "Chúng tôi sẽ có mặt khi cửa mở, và bạn cũng đã được mời.",
    "Finnish": "Olemme siellä kun ovet avataan, ja sinä myös, mutta nyt ei ole kiire.",
    "Hungarian": "Ott leszünk, ha kinyílnak az ajtók, és te is, mert ez nagyon jó lesz.",
    "Croatian": "Bit ćemo tamo kad se vrata otvore, a što ti već nije jasno, može.",
    "Filipino": "Nandoon kami kapag bumukas ang mga pinto, at ikaw din naman.",
    "Russian": "Мы будем там, когда откроются двери.",
    "Greek": "Θα είμαστε εκεί όταν ανοίξουν οι πόρτες.",
    "Hebrew": "נהיה שם כשהדלתות ייפתחו.",
    "Arabic": "سنكون هناك عندما تفتح الأبواب.",
    "Hindi": "दरवाज़े खुलने पर हम वहाँ होंगे।",
    "Thai": "เราจะไปที่นั่นเมื่อประตูเปิด",
    "Japanese": "ドアが開く頃には着いています。",
    "Korean": "문이 열리면 우리는 거기 있을 거예요.",
}


def read(text: str) -> int:
    return language_of(text, words_of(text.lower()))


@pytest.mark.parametrize(("one", "other"), [*combinations(LINES, 2)])
def test_lines_in_two_languages_differ(one: str, other: str) -> None:
    assert read(LINES[one]) != read(LINES[other]) > -1 < read(LINES[one])


@pytest.mark.parametrize("language", LINES)
def test_marks_and_a_link_change_nothing(language: str) -> None:
    line = LINES[language]
    assert read(f"“{line}” 🎉 pic.twitter.com/aB3dE5fG7h https://t.co/x") == read(line)


@pytest.mark.parametrize(
    "text",
    ["", "42", "🎉🎉", "https://t.co/aB3dE5fG7h", "pic.twitter.com/aB3dE5fG7h", "Harbour Bridge"],
)
def test_what_says_nothing_is_of_no_language(text: str) -> None:
    assert read(text) == -1


def test_a_name_in_another_script_is_not_the_line_s() -> None:
    assert read("She wrote 東京 on the wall and it was there in the morning.") == read(
        "the and it was"
    )
