"""Who is cited in six other languages: verbs inverted or in two parts, postpositions, appositions."""

import pytest

from dedupe.facts import attribution

CITED = {
    "de": [
        ("«Wir fordern die EU auf, das zu tun.»", ""),
        ("Denen hat Chinas Premier im März erklärt, dass es keine Chance gibt.", "Chinas Premier"),
        ("Dem Gericht zufolge drohen Strafen.", "Gericht"),
        ("Zugleich sagte die CDU-Vorsitzende Anna Roth, sie wisse davon nichts.", "Anna Roth"),
        ("Samsung wird dem Nordkurier zufolge das Urteil prüfen.", "Nordkurier"),
        (
            "Sie werde verkauft, sagte Minister Thomas de Wall (CDU) der «Bild»-Zeitung.",
            "Bild|Thomas de Wall",
        ),
        ("Am Montag teilte das Unternehmen mit, dass es 200 Stellen streiche.", "Unternehmen"),
        ("In Kassel sagte Polizeisprecher Jens Ahrend: „Wir ermitteln.“", "Jens Ahrend"),
        ("Nach Angaben der Polizei wurden zwei Menschen verletzt.", "Polizei"),
        ("Wie der Sender NRF berichtet, soll der Vertrag gekündigt werden.", "Sender NRF"),
        ("Das sei falsch, so Sprecherin Karin Stolte.", "Karin Stolte"),
        ("Angaben des Ministeriums zufolge sank die Zahl.", "Ministeriums"),
        ("„Das war knapp“, sagte Trainer Holger Brandt nach dem Spiel.", "Holger Brandt"),
        ("Die Asylpolitik der Schweiz wurde kritisiert.", ""),
        ("Ein Sprecher der Staatsanwaltschaft bestätigte den Vorgang.", "Sprecher der Staatsanwaltschaft"),
        ("Darin führte die Notenbank aus, dass die Aufsicht versagt habe.", "Notenbank"),
    ],
    "fr": [
        ("« Le redressement tarde », prévient le PDG, Pekka Lund.", "Pekka Lund"),
        ("L'usine fermera, a affirmé le ministre russe de la Défense, Andreï Belov.", "Andreï Belov"),
        ("Le capitaine du navire, Joan Vaquero, admet que le secteur a souffert.", "Joan Vaquero"),
        ("Mme Binet a fait valoir qu'il ne peut pas avoir raison seul.", "Binet"),
        ("Selon l'AFP, trois personnes sont mortes.", "AFP"),
        ("« Une enquête est ouverte », écrit Eric Mathis, le procureur.", "Eric Mathis"),
        ("Le parquet a ouvert une enquête, indique-t-il dans un communiqué.", ""),
        ("D'après le quotidien Le Matin, le contrat a été signé.", "Le Matin"),
        ("Richard Ferrand s'est dit confiant.", "Richard Ferrand"),
        ("Le ministère de l'Intérieur a précisé que le bilan était provisoire.", "ministère de l'Intérieur"),
        ("Il n'y a pas de danger, a fait savoir la préfecture.", "préfecture"),
    ],
    "es": [
        ("« No existe ese pánico », ha dicho Paul Nolte, director de inversiones.", "Paul Nolte"),
        ("El presidente de la empresa, Alan Mulero, ha declarado que ganará dinero.", "Alan Mulero"),
        ("Apple ha anunciado hoy otro evento.", "Apple"),
        ("Esta vecina insiste en que no hay control.", "vecina"),
        ("El balance lo ha confirmado este viernes el presidente de la Junta, Juan Mora.", "Juan Mora"),
        ("Según fuentes de la investigación, el fuego fue provocado.", "fuentes de la investigación"),
        ("El ministro aseguró a EFE que no dimitirá.", "EFE|ministro"),
        ("Fuentes policiales han informado de dos detenciones.", "Fuentes policiales"),
        ("De acuerdo con el diario El País, el contrato se firmó.", "El País"),
        ("«Salimos con lo puesto», relata Carmen Ibáñez, vecina de Robledal.", "Carmen Ibáñez"),
    ],
    "it": [
        ("L'analista Rebecca Lind ha dichiarato che l'iniziativa è utile.", "Rebecca Lind"),
        ("«Troppo tempo», ha spiegato l'analista Chris Weber.", "Chris Weber"),
        (
            "Il Consiglio nazionale delle ricerche ha riferito che i dati sono sbagliati.",
            "Consiglio nazionale delle ricerche",
        ),
        ("Secondo quanto riporta l'Ansa, due uomini sono stati fermati.", "Ansa"),
        ("Secondo gli inquirenti l'uomo avrebbe agito da solo.", "inquirenti"),
        ("Il ministro Paolo Rossi ha detto all'Ansa che non si dimetterà.", "Ansa|Paolo Rossi"),
        ("«È una vergogna», sbotta Mario Testa.", "Mario Testa"),
        ("Lo ha annunciato il sindaco Carlo Nessi.", "Carlo Nessi"),
        ("Stando alla ricostruzione dei carabinieri, l'auto ha sbandato.", "ricostruzione dei carabinieri"),
    ],
    "nl": [
        ("Topmensen bij enkele autofabrikanten zeiden dat er hoop is.", "Topmensen"),
        ("Er werden problemen gemeld met het systeem.", ""),
        ("In een verklaring op zijn website zei Airbus dat de oorzaak bekend is.", "Airbus"),
        ("Ten aanzien van het aandeel zei hij dat hij weigerde.", "hij"),
        ("'Dit is vreemd', zegt Dana Perk, de woordvoerder van het Witte Huis.", "Dana Perk"),
        ("Dat meldt het ANP.", "ANP"),
        ("Dat heeft minister Jan Bos dinsdag gezegd.", "Jan Bos"),
        ("Een woordvoerder van de gemeente laat weten dat de brug dicht blijft.", "woordvoerder van de gemeente"),
        ("Het bedrijf kondigde aan dat het 200 banen schrapt.", "bedrijf"),
        ("De trein reed te hard, aldus de MVB.", "MVB"),
        ("Burgemeester Ilse Kramer noemde het een wonder.", "Ilse Kramer"),
    ],
    "pt": [
        ("Segundo o Corpo de Bombeiros, o fogo começou no teto.", "Corpo de Bombeiros"),
        ("O governador Renato Faria disse nesta terça-feira que vai renunciar.", "Renato Faria"),
        ("De acordo com informações da Tribuna de Serra, 14 pacientes foram removidos.", "Tribuna de Serra"),
        ("“O prazo é de 20 dias”, informou a prefeitura.", "prefeitura"),
        ("“Ouvi um estrondo”, conta o comerciante Davi Moura.", "Davi Moura"),
        ("Conforme os militares, não houve vítimas.", "militares"),
        ("A PM informou ainda que as chamas começaram de madrugada.", "PM"),
        ("O secretário de Saúde, Paulo Lima, garantiu que há vacinas.", "Paulo Lima"),
    ],
}
"""Sentence and its sources, outermost first."""


@pytest.mark.parametrize(
    ("language", "text", "wanted"), [(code, *case) for code, cases in CITED.items() for case in cases]
)
def test_who_is_cited(language, text, wanted):
    assert "|".join(one.cited for one in attribution.find(text, (), language)) == wanted


def test_reported_speech_goes_on_with_its_speaker():
    text = "Das Werk schließe, sagte Vorstandschefin Anna Roth. Betroffen seien 200 Menschen. Die Halle ist leer."
    words = attribution.tokens(text, "de")
    sentences = [(0, 51), (52, 82), (83, 103)]
    bounds = [(sum(b < low for b in words.begins), sum(b < high for b in words.begins)) for low, high in sentences]
    chains = attribution.chains(text, words, sentences, bounds, language="de")
    assert [[one.cited for one in chain] for chain in chains][:2] == [["Anna Roth"], ["Anna Roth"]]
