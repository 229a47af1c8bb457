"""Pages of two kinds, written for the tests: those that are no article, and short or odd ones that are.

`NONE` and `ARTICLES` map a name to (address, HTML); what must stay of an article is its first value.
"""

# ruff: noqa: E501 - a page a line reads better than its pieces

import json

_NAV = {
    "en": "Home|World|Politics|Business|Sport|Culture|Weather|Sign in|Subscribe",
    "de": "Startseite|Politik|Wirtschaft|Sport|Kultur|Wetter|Anmelden|Abonnieren",
    "fr": "Accueil|Monde|Politique|Économie|Sport|Culture|Météo|Se connecter|S'abonner",
    "es": "Portada|Mundo|Política|Economía|Deportes|Cultura|El tiempo|Iniciar sesión|Suscríbete",
    "it": "Home|Mondo|Politica|Economia|Sport|Cultura|Meteo|Accedi|Abbonati",
    "nl": "Voorpagina|Wereld|Politiek|Economie|Sport|Cultuur|Weer|Inloggen|Abonneren",
    "pt": "Início|Mundo|Política|Economia|Esporte|Cultura|Tempo|Entrar|Assine",
}
HEADLINES = {
    "en": ("Harbour board approves second breakwater after a night of talks", "Ferry line adds a night crossing in June",
           "Lighthouse keeper retires after forty years on the rock", "Bakers strike over flour prices enters third week",
           "School roof repaired in time for the autumn term", "River gauge shows highest water since 1987",
           "Museum buys back painting that was lost in the war", "Tram drivers accept new shifts by a narrow vote"),
    "de": ("Hafenausschuss billigt zweite Mole nach langer Nacht", "Fähre fährt ab Juni auch in der Nacht",
           "Leuchtturmwärter geht nach vierzig Jahren in Rente", "Bäcker streiken in der dritten Woche wegen Mehlpreisen",
           "Schuldach rechtzeitig zum Herbst repariert", "Pegel zeigt höchsten Wasserstand seit 1987",
           "Museum kauft im Krieg verlorenes Gemälde zurück", "Straßenbahner nehmen neue Schichten knapp an"),
    "fr": ("La commission du port approuve une deuxième digue", "Le bac traversera aussi la nuit dès le mois de juin",
           "Le gardien du phare prend sa retraite après quarante ans", "La grève des boulangers entre dans sa troisième semaine",
           "Le toit de l'école réparé à temps pour la rentrée", "La rivière au plus haut depuis 1987",
           "Le musée rachète un tableau perdu pendant la guerre", "Les conducteurs de tram acceptent les nouveaux horaires"),
    "es": ("La junta del puerto aprueba un segundo dique", "El transbordador cruzará también de noche desde junio",
           "El farero se jubila tras cuarenta años en la roca", "La huelga de panaderos entra en su tercera semana",
           "El tejado de la escuela, reparado antes del otoño", "El río alcanza su nivel más alto desde 1987",
           "El museo recupera un cuadro perdido en la guerra", "Los tranviarios aceptan los nuevos turnos"),
}  # fmt: skip
LEDES = {
    "en": ("The second wall shall protect the fish hall from winter storms, the board said on Monday.",
           "A third boat will sail at eleven at night, mainly for the nurses of the island hospital.",
           "He climbed the two hundred steps twice a day when the lamp was still lit by hand.",
           "The union wants a price that follows the market; the mills offer a fixed one."),
    "de": ("Die zweite Mauer soll die Fischhalle vor Winterstürmen schützen, sagte der Ausschuss am Montag.",
           "Ein drittes Boot legt um elf Uhr abends ab, vor allem für die Pflegerinnen des Inselkrankenhauses.",
           "Zweihundert Stufen stieg er zweimal am Tag, als die Lampe noch von Hand entzündet wurde.",
           "Die Gewerkschaft will einen Preis, der dem Markt folgt; die Mühlen bieten einen festen."),
    "fr": ("Le second mur doit protéger la halle aux poissons des tempêtes d'hiver, a dit lundi la commission.",
           "Un troisième bateau partira à onze heures du soir, surtout pour les infirmières de l'île.",
           "Il montait deux cents marches deux fois par jour, quand la lampe s'allumait encore à la main.",
           "Le syndicat veut un prix qui suive le marché ; les moulins en offrent un fixe."),
    "es": ("El segundo muro protegerá la lonja de los temporales de invierno, dijo el lunes la junta.",
           "Un tercer barco zarpará a las once de la noche, sobre todo para las enfermeras de la isla.",
           "Subía doscientos escalones dos veces al día, cuando la lámpara aún se encendía a mano.",
           "El sindicato quiere un precio que siga al mercado; los molinos ofrecen uno fijo."),
}  # fmt: skip


def _html(language, title, main, *, head="", site="The Evening Ledger"):
    nav = "".join(f'<li><a href="/{at}/">{name}</a></li>' for at, name in enumerate(_NAV[language].split("|")))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | {site}</title>{head}</head>'
        f"<body><header><nav><ul>{nav}</ul></nav></header><main>{main}</main><footer><p>© 2026 {site}</p>"
        f'<ul><li><a href="/imprint">Imprint</a></li><li><a href="/privacy">Privacy</a></li></ul></footer></body></html>'
    )


def _said(kind, **more):
    """JSON-LD of one item."""
    told = {"@context": "https://schema.org", "@type": kind, **more}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def _cards(language, count=8, *, lede=True, linked=True):
    cards = []
    for at in range(count):
        title, text = HEADLINES[language][at % 8], LEDES[language][at % 4]
        inner = f'<h3><a href="/news/{at}">{title}</a></h3>' if linked else f"<h3>{title}</h3>"
        cards.append(f'<div class="card">{inner}{f"<p>{text}</p>" if lede else ""}<time>{at + 1} h</time></div>')
    return "".join(cards)


def _paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


_TYPE = '<meta property="og:type" content="{}">'
_FIGURES = "".join(
    f'<figure><img src="/{at}.jpg"><figcaption>{at + 1}/9 A boat in the harbour of Norvik. Photo: Ida Berg</figcaption></figure>'
    for at in range(9)
)
_SCORES = "".join(
    f"<tr><td>{a}</td><td>{n} - {n % 3}</td><td>{b}</td><td>{60 + n}'</td></tr>"
    for n, (a, b) in enumerate(
        (("Norvik", "Halden"), ("Sund", "Berg"), ("Lund", "Arvan"), ("Tarn", "Vik"), ("Ost", "Nes"))
    )
)

NONE = {
    "home page": ("https://ledger.example/", _html("en", "News", _cards("en", 12))),
    "home page, german": ("https://kurier.example/index.html", _html("de", "Nachrichten", _cards("de", 10, lede=False))),
    "section": ("https://ledger.example/politics/", _html("en", "Politics", f"<h1>Politics</h1>{_cards('en')}", head=_TYPE.format("website"))),
    "section, french": ("https://courrier.example/economie", _html("fr", "Économie", f"<h1>Économie</h1>{_cards('fr')}")),
    "section, said to be a collection": (
        "https://ledger.example/culture",
        _html("en", "Culture", f"<h1>Culture</h1>{_cards('en', 6)}", head=_said("CollectionPage", name="Culture")),
    ),
    "section of linked cards": (
        "https://correo.example/mundo",
        _html("es", "Mundo", "".join(f'<a href="/{n}"><h2>{t}</h2><p>{LEDES["es"][n % 4]}</p></a>' for n, t in enumerate(HEADLINES["es"]))),
    ),
    "tag": ("https://ledger.example/tag/harbour", _html("en", "harbour", f"<h1>Tag: harbour</h1><p>All articles on harbour.</p>{_cards('en', 7)}")),
    "tag, german": ("https://kurier.example/thema/hafen", _html("de", "Thema Hafen", f"<h1>Thema: Hafen</h1>{_cards('de', 8)}")),
    "author": (
        "https://ledger.example/author/ida-berg",
        _html("en", "Ida Berg", f"<h1>Ida Berg</h1><p>Ida Berg covers the harbour for the Ledger.</p>{_cards('en', 8)}", head=_said("ProfilePage", name="Ida Berg")),
    ),
    "search results": (
        "https://ledger.example/search?q=harbour",
        _html("en", "Search results for harbour", f"<h1>Search results for “harbour”</h1><p>128 results found</p>{_cards('en', 8)}"),
    ),
    "search results, spanish": (
        "https://correo.example/buscar?q=puerto",
        _html("es", "Resultados de la búsqueda", f"<h1>Resultados de la búsqueda: puerto</h1><p>31 resultados</p>{_cards('es', 6)}"),
    ),
    "search without results": (
        "https://ledger.example/search?q=xyz",
        _html("en", "Search", "<h1>Search</h1><p>Your search for “xyz” returned no results. Try other words or check the spelling.</p>"),
    ),
    "archive": (
        "https://ledger.example/archive/2026/05",
        _html("en", "Archive May 2026", "<h1>Archive: May 2026</h1><ul>" + "".join(f'<li>0{d}.05. <a href="/{d}">{HEADLINES["en"][d % 8]}</a></li>' for d in range(1, 10)) + "</ul>"),
    ),
    "gallery": ("https://ledger.example/photos/boats", _html("en", "Boats of Norvik, in pictures", f"<h1>Boats of Norvik, in pictures</h1>{_FIGURES}")),
    "gallery, said to be one": (
        "https://ledger.example/photos/boats2",
        _html("en", "The week in pictures", f"<h1>The week in pictures</h1>{_FIGURES}", head=_said("ImageGallery", name="The week in pictures") + _TYPE.format("article")),
    ),
    "video stub": (
        "https://ledger.example/video/123",
        _html("en", "Watch: storm hits the harbour", '<h1>Watch: storm hits the harbour</h1><div class="player">Video 02:13</div><p>Watch the waves at the breakwater.</p><h2>More videos</h2>' + _cards("en", 6, lede=False), head=_said("VideoObject", name="Storm hits the harbour", description="Watch the waves at the breakwater.") + _TYPE.format("video.other")),
    ),
    "video stub, german": (
        "https://kurier.example/video/77",
        _html("de", "Video: Sturm am Hafen", '<h1>Sturm am Hafen</h1><div class="player">Das Video konnte nicht geladen werden. 01:20 Min.</div>', head=_said("VideoObject", name="Sturm am Hafen")),
    ),
    "not found": ("https://ledger.example/news/gone", _html("en", "Page not found", "<h1>404</h1><p>The page you were looking for does not exist. It may have been moved or deleted.</p>")),
    "not found, german": ("https://kurier.example/x", _html("de", "Seite nicht gefunden", "<h1>Seite nicht gefunden</h1><p>Die gewünschte Seite existiert leider nicht mehr oder wurde verschoben.</p>")),
    "soft not found": (
        "https://ledger.example/news/old-story",
        _html("en", "The Evening Ledger", f"<h1>Oops!</h1><p>Sorry, we couldn't find the page you requested. Here are some stories you may like instead.</p>{_cards('en', 4)}"),
    ),
    "soft not found, french": (
        "https://courrier.example/a/9",
        _html("fr", "Le Courrier", "<h1>Oups</h1><p>Désolé, la page que vous recherchez n'existe pas ou n'est plus disponible.</p><p>Vous pouvez revenir à la page d'accueil.</p>"),
    ),
    "article withdrawn": ("https://ledger.example/n/5", _html("en", "Article unavailable", "<h1>This article is no longer available</h1><p>The article you requested is no longer available on our site.</p>")),
    "server error": ("https://ledger.example/n/4", "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"),
    "robot check": ("https://ledger.example/n/3", _html("en", "Just a moment...", "<h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue. This process is automatic.</p>")),
    "access denied": ("https://ledger.example/n/2", "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p><p>Reference #18.2f1</p></body></html>"),
    "consent wall": (
        "https://ledger.example/n/7",
        _html("en", "The Evening Ledger", _paragraphs("We value your privacy", "We and our 842 partners store and access information on a device, such as cookies, and process personal data to show personalised ads and content.", "With your permission we and our partners may use precise geolocation data. You may click to consent to our processing as described above.", "You can change your preferences at any time by returning to this site.") + "<button>Accept all</button><button>Reject all</button>"),
    ),
    "consent wall, german": (
        "https://kurier.example/n/7",
        _html("de", "Der Abendkurier", _paragraphs("Mit Werbung weiterlesen", "Besuchen Sie unsere Seite wie gewohnt mit Werbung und Tracking. Details zu Werbe- und Analyse-Trackern finden Sie in der Datenschutzerklärung oder im Privacy Center.", "Wir und unsere Partner verarbeiten personenbezogene Daten und speichern Cookies auf Ihrem Gerät. Ihre Einwilligung können Sie jederzeit widerrufen.") + "<button>Akzeptieren und weiter</button>"),
    ),
    "login": ("https://ledger.example/login", _html("en", "Log in", '<h1>Log in to your account</h1><form><label>Email</label><input><label>Password</label><input type="password"><button>Log in</button></form><p>Forgot your password? New here? Create an account.</p>')),
    "register": ("https://courrier.example/inscription", _html("fr", "Créer un compte", '<h1>Créez votre compte</h1><p>Inscrivez-vous gratuitement pour continuer votre lecture.</p><form><input type="email"><input type="password"><button>Créer mon compte</button></form>')),
    "paywall stub": (
        "https://ledger.example/n/8",
        _html("en", "Harbour board approves second breakwater", "<h1>Harbour board approves second breakwater</h1><p>This article is for subscribers only.</p><p>Subscribe now to continue reading. Already a subscriber? Log in.</p><p>Get unlimited access for €1 a month, cancel anytime.</p>", head=_said("NewsArticle", headline="Harbour board approves second breakwater", isAccessibleForFree=False)),
    ),
    "paywall stub, german": (
        "https://kurier.example/n/8",
        _html("de", "Hafenausschuss billigt zweite Mole", "<h1>Hafenausschuss billigt zweite Mole</h1><p>Dieser Artikel ist nur für Abonnenten.</p><p>Jetzt weiterlesen mit Kurier Plus: im ersten Monat kostenlos, jederzeit kündbar.</p><p>Sie haben bereits ein Abo? Hier anmelden.</p>", head=_TYPE.format("article")),
    ),
    "live scores": ("https://ledger.example/sport/live", _html("en", "Live scores", f"<h1>Live scores</h1><table>{_SCORES}</table><table>{_SCORES}</table>")),
    "product": (
        "https://shop.example/p/boots",
        _html("en", "Rubber boots, blue", "<h1>Rubber boots, blue</h1><p>€39.90 incl. VAT</p><p>Sturdy boots for wet days, with a warm lining and a sole that grips on deck.</p><p>In stock, delivered in 2 days.</p><button>Add to basket</button><h2>Customers also bought</h2><ul><li>Raincoat €59.00</li><li>Sou'wester €19.00</li></ul>", head=_said("Product", name="Rubber boots", offers={"@type": "Offer", "price": "39.90"})),
    ),
    "shop list": (
        "https://shop.example/c/boots",
        _html("de", "Gummistiefel kaufen", "<h1>Gummistiefel</h1>" + "".join(f'<div><a href="/p/{n}">Stiefel Modell {n}</a><span>{n}9,90 €</span><button>In den Warenkorb</button></div>' for n in range(1, 9))),
    ),
    "newsletter form": ("https://ledger.example/newsletter", _html("en", "Newsletters", "<h1>Our newsletters</h1><form><p>Sign up for our morning letter and get the day's news in your inbox.</p><input type=email><button>Sign up</button></form><p>By signing up you agree to our terms and privacy policy.</p>")),
    "pdf viewer": ("https://ledger.example/epaper", _html("en", "E-paper", "<h1>E-paper</h1><p>Please enable JavaScript to view this page.</p>")),
}  # fmt: skip

_FLASH = "A train has left the rails near Norvik and two people are slightly hurt, the fire service says."
_THREE = (
    "The council of Norvik has put off its vote on the tram line to September.",
    "Mayor Ida Berg said on Tuesday that two of the five offers had come in late.",
    "The line is to link the harbour with the hospital and costs 48 million crowns.",
)
_LONG = (
    "The second breakwater of Norvik will be built after all: the harbour board approved it shortly before midnight on Monday, by five votes to four.",
    "Fishermen had asked for the wall since the storm of 2019, in which eleven boats sank and the fish hall lost its roof.",
    "“We have waited long enough,” said Jon Lund, who lost two boats. Environmental groups announced that they would go to court over the eelgrass beds.",
    "The work shall begin in April and take three summers. The state pays sixty percent of the 31 million crowns, the town the rest.",
)
_ARTICLE = _said("NewsArticle", headline="Council puts off vote", datePublished="2026-05-03T09:00:00Z")


def _story(language, title, main, *, head=_ARTICLE):
    return _html(language, title, f"<article><h1>{title}</h1>{main}</article>", head=head)


ARTICLES = {
    "flash of one sentence": (_FLASH, "https://ledger.example/n/20", _story("en", "Train derails near Norvik", _paragraphs(_FLASH))),
    "flash without metadata": (_FLASH, "https://ledger.example/n/21", _story("en", "Train derails near Norvik", _paragraphs(_FLASH), head="")),
    "brief of three paragraphs": (_THREE[1], "https://ledger.example/n/22", _story("en", "Council puts off vote", _paragraphs(*_THREE))),
    "brief without metadata": (_THREE[2], "https://ledger.example/n/23", _html("en", "Council puts off vote", f"<h1>Council puts off vote</h1>{_paragraphs(*_THREE)}")),
    "brief at a query address": (_THREE[0], "https://ledger.example/?p=1234", _story("en", "Council puts off vote", _paragraphs(*_THREE), head="")),
    "brief, german": (
        "Verletzt wurde nach Angaben der Polizei niemand.",
        "https://kurier.example/n/24",
        _story("de", "Lagerhalle brennt", _paragraphs("Eine Lagerhalle im Hafen ist in der Nacht zu Montag ausgebrannt.", "Verletzt wurde nach Angaben der Polizei niemand.", "Den Schaden schätzt die Feuerwehr auf 200.000 Euro."), head=""),
    ),
    "brief, italian": (
        "Nessuno è rimasto ferito, hanno riferito i vigili del fuoco.",
        "https://gazzetta.example/n/25",
        _story("it", "Incendio al porto", _paragraphs("Un capannone del porto è bruciato nella notte tra domenica e lunedì.", "Nessuno è rimasto ferito, hanno riferito i vigili del fuoco."), head=_TYPE.format("article")),
    ),
    "brief, dutch": (
        "Volgens de brandweer raakte niemand gewond.",
        "https://courant.example/n/26",
        _story("nl", "Loods in haven uitgebrand", _paragraphs("Een loods in de haven is in de nacht van zondag op maandag uitgebrand.", "Volgens de brandweer raakte niemand gewond.", "De schade bedraagt naar schatting 200.000 euro."), head=""),
    ),
    "brief, portuguese": (
        "Ninguém ficou ferido, segundo os bombeiros.",
        "https://jornal.example/n/27",
        _story("pt", "Armazém pega fogo no porto", _paragraphs("Um armazém do porto pegou fogo na madrugada de segunda-feira.", "Ninguém ficou ferido, segundo os bombeiros."), head=""),
    ),
    "photo story with text": (_LONG[1], "https://ledger.example/photos/storm", _story("en", "After the storm", _paragraphs(*_LONG[:3]) + _FIGURES)),
    "video with text": (
        _LONG[0],
        "https://ledger.example/video/9",
        _story("en", "Breakwater approved", '<div class="player">Video 01:40</div>' + _paragraphs(*_LONG), head=_said("VideoObject", name="Breakwater approved")),
    ),
    "liveblog": (
        "The mayor has arrived at the fish hall and speaks to the press.",
        "https://ledger.example/live/storm",
        _story("en", "Storm in Norvik: live", "".join(f"<div class='post'><time>{h}:15</time><p>{t}</p></div>" for h, t in zip((22, 21, 20, 19), ("The mayor has arrived at the fish hall and speaks to the press.", "The bridge to the island is closed, police say.", "Gusts of 140 km/h were measured at the lighthouse.", "The ferry line stops all crossings for the night."), strict=True)), head=_said("LiveBlogPosting", headline="Storm in Norvik")),
    ),
    "list article": (
        "The coffee is weak, but no other place opens at five.",
        "https://ledger.example/n/28",
        _story("en", "Five places for breakfast at the harbour", "".join(f"<h2>{n}. {name}</h2><p>{text}</p>" for n, (name, text) in enumerate((("The Net", "The coffee is weak, but no other place opens at five."), ("Halden's", "Bread from the shop's own oven, and herring if you ask for it."), ("Quay 4", "The view is what you pay for; the eggs are good all the same."), ("The Rope", "Small, loud, full of fishermen, and the cheapest of the five."), ("Ida's", "Come before eight, when the nurses of the night shift arrive.")), 1)), head=""),
    ),
    "recipe": (
        "Stir the flour into the butter and let it take a little colour.",
        "https://ledger.example/food/soup",
        _story("en", "Fish soup of the harbour", "<p>This soup is on every table in Norvik when the boats come home.</p><ul><li>500 g cod</li><li>2 leeks</li><li>1 l stock</li><li>50 g butter</li><li>2 spoons of flour</li></ul>" + _paragraphs("Stir the flour into the butter and let it take a little colour.", "Pour in the stock, add the leeks and let it simmer for ten minutes.", "Lay in the fish last and take the pot off the fire."), head=_said("Recipe", name="Fish soup")),
    ),
    "opinion": (
        "A wall in the sea is a promise that somebody has to keep.",
        "https://ledger.example/opinion/wall",
        _story("en", "Build the wall, but count the cost", _paragraphs("A wall in the sea is a promise that somebody has to keep.", "I have seen three breakwaters in my life, and each of them was finished years late and cost twice what was voted.", "That is no reason to leave the boats to the next storm. It is a reason to say today who pays when the bill comes."), head=_said("OpinionNewsArticle", headline="Build the wall")),
    ),
    "market report": (
        "Shares in Norvik closed higher on Friday, led by shipping.",
        "https://ledger.example/markets",
        _story("en", "Shipping lifts Norvik shares", _paragraphs("Shares in Norvik closed higher on Friday, led by shipping.", "Turnover was the highest since March, the exchange said.") + "<table>" + "".join(f"<tr><td>{n}</td><td>{v}.40</td><td>+0.{v % 9} %</td></tr>" for v, n in enumerate(("Halden Lines", "Norvik Bank", "Sund Power", "Arvan Fish", "Berg Steel", "Tarn Paper"), 31)) + "</table>"),
    ),
    "match report with results": (
        "Norvik beat Halden 2-1 on Saturday with a goal in the last minute.",
        "https://ledger.example/sport/1",
        _story("en", "Late goal saves Norvik", _paragraphs("Norvik beat Halden 2-1 on Saturday with a goal in the last minute.", "Coach Jon Lund spoke of luck, the visitors of a foul that nobody had seen.") + f"<table>{_SCORES}</table>", head=""),
    ),
    "interview": (
        "I count the boats every evening, and I have never got the same number twice.",
        "https://ledger.example/n/29",
        _story("en", "“I count the boats every evening”", _paragraphs("<b>What will you miss?</b>", "I count the boats every evening, and I have never got the same number twice.", "<b>And what not?</b>", "The two hundred steps. My knees are as old as the lamp."), head=""),
    ),
    "news about a missing page": (
        "The ministry took the page off its site on Monday, without giving a reason.",
        "https://ledger.example/n/30",
        _story("en", "Page not found: ministry deletes its own report", _paragraphs("The ministry took the page off its site on Monday, without giving a reason.", "Who asks for the report on the dam now reads “page not found”, the Ledger learned.", "A spokesman said that the report was being revised and would be back in June."), head=""),
    ),
    "news about signing in": (
        "From May on, the bank asks its customers for a fingerprint.",
        "https://ledger.example/n/31",
        _story("en", "Sign in with a fingerprint: bank gives up passwords", _paragraphs("From May on, the bank asks its customers for a fingerprint.", "Passwords will be accepted until the end of the year, it said in a letter to 80,000 customers.", "Consumer groups ask what happens to those who own no telephone."), head=""),
    ),
    "news about cookies and consent": (
        "The court ruled that a banner must offer to reject cookies as plainly as to accept them.",
        "https://ledger.example/n/32",
        _story("en", "Court: cookie consent must be a free choice", _paragraphs("The court ruled that a banner must offer to reject cookies as plainly as to accept them.", "A reader had sued the paper because its consent page hid the second button behind three others.", "The paper said it would change the page within six weeks, and not appeal."), head=""),
    ),
    "news about subscriptions": (
        "The paper will ask its readers on the web for money from June.",
        "https://ledger.example/n/33",
        _story("en", "Subscribers only: the Courier builds a paywall", _paragraphs("The paper will ask its readers on the web for money from June.", "A subscription costs eight crowns a month, as its publisher told the staff on Monday.", "Articles on storms and floods stay free.")),
    ),
    "metered page with its beginning": (
        _LONG[1],
        "https://ledger.example/n/34",
        _story("en", "Breakwater approved", _paragraphs(*_LONG[:2]) + "<div class=paywall><p>Subscribe now to continue reading.</p><p>Already a subscriber? Log in.</p></div>"),
    ),
    "link roundup with text": (
        "Three towns on the coast vote on harbour plans this week, and all three argue about money.",
        "https://ledger.example/n/35",
        _story("en", "What we read this week", _paragraphs("Three towns on the coast vote on harbour plans this week, and all three argue about money.", 'The <a href="/1">Courier has the numbers of Norvik</a>, which nobody at the town hall wanted to see in print.', 'In Halden, the <a href="/2">Echo asked the fishermen</a> themselves; most of them want no wall at all.'), head=""),
    ),
    "product review": (
        "After four weeks on deck the sole still grips, and the lining is dry by morning.",
        "https://ledger.example/n/36",
        _story("en", "Tried: the blue rubber boots", _paragraphs("After four weeks on deck the sole still grips, and the lining is dry by morning.", "What we did not like is the price: at 39.90 euros they cost twice as much as the boots of the harbour shop.", "Who stands in water all day will not mind."), head=_said("Review", name="Rubber boots")),
    ),
    "correction": (
        "An earlier report gave the cost of the wall as 13 million crowns. It is 31 million.",
        "https://ledger.example/n/37",
        _story("en", "Correction", _paragraphs("An earlier report gave the cost of the wall as 13 million crowns. It is 31 million."), head=""),
    ),
    "obituary, spanish": (
        "El farero Juan Lund murió el domingo en su casa del puerto a los 88 años.",
        "https://correo.example/n/38",
        _story("es", "Muere Juan Lund, último farero del puerto", _paragraphs("El farero Juan Lund murió el domingo en su casa del puerto a los 88 años.", "Encendió la lámpara durante cuarenta años y no faltó ni una noche, recuerda su hija.", "El entierro será el jueves."), head=""),
    ),
    "long report among cards": (_LONG[2], "https://ledger.example/n/39", _html("en", "Breakwater approved", f"<article><h1>Breakwater approved</h1>{_paragraphs(*_LONG)}</article><section><h2>More news</h2>{_cards('en', 8)}</section>")),
    "report, french": (
        "La commission du port a approuvé lundi soir la construction d'une deuxième digue, par cinq voix contre quatre.",
        "https://courrier.example/n/40",
        _story("fr", "Une deuxième digue pour le port", _paragraphs("La commission du port a approuvé lundi soir la construction d'une deuxième digue, par cinq voix contre quatre.", "Les pêcheurs la réclamaient depuis la tempête de 2019, qui avait coulé onze bateaux.", "Les travaux doivent commencer en avril et durer trois étés."), head=""),
    ),
}  # fmt: skip


def _cards_with_more(lang):
    """Headlines without a link, ledes, a link behind each."""
    more = {
        "en": "Read the full story",
        "de": "Zum ganzen Bericht hier",
        "fr": "Lire l'article complet",
        "es": "Leer la noticia completa",
    }[lang]
    return "".join(
        f'<article class=item><h2>{t}</h2><p>{LEDES[lang][n % 4]}</p><a href="/{n}">{more}</a></article>'
        for n, t in enumerate(HEADLINES[lang])
    )


def _rows(lang):
    """Linked headlines, author, date, lede."""
    return "".join(
        f'<li><a href="/{n}"><img src=x></a><h3><a href="/{n}">{t}</a></h3><span>By Ida Berg</span><span>3 May 2026</span><p>{LEDES[lang][n % 4]}</p></li>'
        for n, t in enumerate(HEADLINES[lang])
    )


NONE |= {
 'section read-more':('https://l.example/local',_html('en','Local news',f'<h1>Local</h1>{_cards_with_more("en")}')),
 'section read-more de':('https://l.example/lokales',_html('de','Lokales',f'<h1>Lokales</h1>{_cards_with_more("de")}')),
 'section rows':('https://l.example/es/cultura',_html('es','Cultura',f'<h1>Cultura</h1><ul>{_rows("es")}</ul>')),
 'section rows og article':('https://l.example/fr/x',_html('fr','Monde',f'<h1>Monde</h1><ul>{_rows("fr")}</ul>',head='<meta property="og:type" content="website">')),
 'nl consent':('https://n.example/1',_html('nl','De Courant',_paragraphs('Wij gebruiken cookies','Wij en onze partners slaan gegevens op uw apparaat op en gebruiken die voor gepersonaliseerde advertenties en cookies.','U kunt uw toestemming op elk moment intrekken via het privacycentrum.'))),
 'it 404':('https://i.example/x',_html('it','La Gazzetta','<h1>Ops!</h1><p>La pagina che stai cercando non esiste o è stata spostata.</p><p>Torna alla home page.</p>')),
 'pt paywall':('https://j.example/x',_html('pt','Conselho aprova molhe','<h1>Conselho aprova molhe</h1><p>Conteúdo exclusivo para assinantes.</p><p>Assine agora por apenas R$ 1,90 no primeiro mês.</p><p>Já é assinante? Faça login.</p>',head=_said('NewsArticle',headline='Conselho aprova molhe'))),
 'es login':('https://c.example/acceso',_html('es','Acceso de usuarios','<h1>Acceso de usuarios</h1><p>Inicia sesión para seguir leyendo.</p><form><input><input type=password></form><p>¿Has olvidado tu contraseña?</p>')),
 'maintenance':('https://l.example/n/2',_html('en','Maintenance','<h1>We will be right back</h1><p>Our site is down for scheduled maintenance. Please try again later.</p>')),
 'cloudflare':('https://l.example/n/9',_html('en','Attention Required! | Cloudflare','<h1>Sorry, you have been blocked</h1><p>You are unable to access l.example</p><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution.</p><p>Cloudflare Ray ID: 8f2</p>')),
 'weather':('https://l.example/weather/norvik',_html('en','Weather in Norvik','<h1>Weather in Norvik</h1>'+''.join(f'<div><b>{d}</b><span>{n}°</span><span>rain {n}0 %</span></div>' for n,d in enumerate(('Mon','Tue','Wed','Thu','Fri'),3)))),
 'stock quote':('https://l.example/quote/HAL',_html('en','Halden Lines (HAL)','<h1>Halden Lines</h1><table>'+''.join(f'<tr><td>{k}</td><td>{v}</td></tr>' for k,v in (('Open','31.40'),('High','32.10'),('Low','30.90'),('Volume','120,331')))+'</table>')),
 'tv programme':('https://l.example/tv',_html('de','TV-Programm','<h1>TV-Programm heute</h1><ul>'+''.join(f'<li>{h}:15 <a href="/t">Sendung {h}</a></li>' for h in range(8,22))+'</ul>')),
 'gallery prose captions':('https://l.example/g',_html('en','Storm in pictures','<h1>Storm in pictures</h1>'+''.join(f'<figure><img><figcaption>Waves break over the wall of Norvik harbour on Monday night, {n}. (Ida Berg/Ledger)</figcaption></figure>' for n in range(8)))),
 'geo block':('https://l.example/n/451',_html('en','Unavailable','<h1>451: Unavailable due to legal reasons</h1><p>We recognise you are attempting to access this website from a country where we cannot grant access at this time.</p>')),
 'video list':('https://l.example/videos',_html('es','Vídeos','<h1>Vídeos</h1>'+''.join(f'<div><a href="/v{n}">{t}</a><span>02:1{n}</span></div>' for n,t in enumerate(HEADLINES['es'])))),
 'fr consent':('https://f.example/n',_html('fr','Le Courrier',_paragraphs('Avec votre accord, nos partenaires et nous utilisons des cookies ou technologies similaires pour stocker et accéder à des informations personnelles.','Vous pouvez retirer votre consentement à tout moment en cliquant sur le lien.')+'<button>Accepter</button>')),
 'contest form':('https://l.example/subscribe',_html('en','Subscribe to the Ledger','<h1>Choose your plan</h1><p>Digital: €8 a month. Unlimited access to all articles, cancel anytime.</p><p>Print and digital: €29 a month, delivered to your door.</p><p>Already a subscriber? Log in.</p>')),
 'old 404':('https://l.example/x.html','<html><head><title>Not Found</title></head><body><h1>Not Found</h1><p>The requested URL /x.html was not found on this server.</p><address>Apache Server at l.example Port 80</address></body></html>'),
}  # fmt: skip

ARTICLES |= {
 'one line it':('Tre feriti','https://i.example/2',_html('it','Crollo a Norvik','<h1>Crollo a Norvik</h1><p>Tre feriti nel crollo di un muro al porto di Norvik, secondo i vigili del fuoco.</p>')),
 'no punctuation headings':('Read more about it in','https://l.example/3',_html('en','Reading tips','<article><h1>Reading tips</h1><p>Read more about it in the report that the ministry put out on Friday after months of silence.</p><p>The authors ask who pays for the wall, and find that nobody has asked before.</p></article>')),
 'zh':('港务局','https://z.example/3','<html lang="zh"><head><title>港务局批准第二道防波堤</title></head><body><main><h1>港务局批准第二道防波堤</h1><p>港务局周一深夜以五比四的票数批准修建第二道防波堤,渔民自2019年风暴以来一直要求修建。</p><p>工程将于四月开始,历时三个夏天。</p></main></body></html>'),
 'thai':('ท่าเรือ','https://t.example/3','<html lang="th"><head><title>ข่าวท่าเรือ</title></head><body><main><h1>คณะกรรมการท่าเรืออนุมัติ</h1><p>คณะกรรมการท่าเรือนอร์วิกอนุมัติการก่อสร้างเขื่อนกันคลื่นแห่งที่สองเมื่อคืนวันจันทร์ หลังจากชาวประมงเรียกร้องมาตั้งแต่พายุปี 2019 ซึ่งทำให้เรือจมสิบเอ็ดลำ</p></main></body></html>'),
 'letter to readers':('We changed','https://l.example/5',_html('en','A word to our readers','<article><h1>A word to our readers</h1><p>We changed the way this paper looks, after eleven years and four thousand letters from you.</p><p>The columns are wider and the type is larger, because most of you asked for it.</p><p>What does not change is the harbour page on Mondays.</p></article>')),
 'privacy opinion':('Every site asks','https://l.example/6',_html('en','The banner nobody reads','<article><h1>The banner nobody reads</h1><p>Every site asks, and nobody reads what it asks.</p><p>Our consent has become a reflex, like closing a door behind us.</p><p>The law meant well. It wanted a choice and got a button.</p><p>Perhaps the next one will forbid what nobody wants, and spare us the question.</p></article>')),
 'list with related links':('Norvik beat','https://l.example/7',_html('en','Norvik win again','<article><h1>Norvik win again</h1><p>Norvik beat Halden 2-1 on Saturday with a goal in the last minute.</p><p><a href="/r">Berg to leave at the end of the season</a></p><p>Coach Jon Lund spoke of luck, the visitors of a foul that nobody had seen.</p><p>The next match is on Wednesday against Sund, away from home again.</p></article>')),
 'shop news':('A shop','https://l.example/8',_html('en','Bookshop closes','<article><h1>Bookshop at the quay closes</h1><p>A shop that sold sea charts for ninety years closes in June.</p><p>Its owner found nobody to buy it, and the rent has doubled.</p></article><aside><p>Ledger mug</p><p>€9.90</p><button>Add to basket</button></aside>')),
 'poem':('The boats','https://l.example/9',_html('en','A poem for Sunday','<article><h1>A poem for Sunday</h1><p>The boats go out when the town is asleep<br>and the lamp on the rock is the last to keep<br>an eye on the water, an eye on the deep</p></article>',head=_said('NewsArticle',headline='A poem for Sunday'))),
}  # fmt: skip
