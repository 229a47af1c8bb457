"""Whether a page is an article, and if not, which of the pages that are none: list, gallery, error, consent, shop ...

Three sorts of evidence. What the page says it is, in its title, its JSON-LD and its address. What its text says: lines
that speak to the visitor (about a page that is gone, cookies, a subscription, a search) and not of the world; they are
weighed by their length, so an article about paywalls is not taken for one. And form: text that is nothing but captions
or cells, or ledes that each stand under a link. A short text is never a reason: a flash of one sentence is an article.
"""

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from dedupe.page.tiles import TOKEN, ends_sentence
from flows.clean import Rejected, dom
from flows.clean.metadata import Stated

BODY = ("main", "link")  # hints of body candidates; a "link" line is nearly all link
_NOTICE_CHARS = 3_000  # longer bodies are not asked whether they are a notice
_NOTICE_SHARE = 0.6  # of the body's characters stand in lines that speak to the visitor
_LISTED_SHARE = 0.6  # of the body's paragraphs stand under a link of their own
_BETWEEN = 3  # lines (author, date, section) that part a link from the lede under it, at most
_LINK_WORDS = 4  # of a link that can be a headline
_LISTED = 3  # such paragraphs a list has at least
_STUB_CHARS = 250  # text under a video that is no article: a description
_SHOP_CHARS = 1_500  # text of a page that says it is of a product
_BASKET_CHARS = 400  # text of a page with a basket to put things in
_PROSE_WORDS = 7  # of the shortest sentence that is prose
_PROSE_CHARS = 120  # a longer line is prose without a full stop: not every script has one

_TITLES = re.compile(
    r"(?:error |fehler |erreur )?(?:40[0134]|410|50[0-4])(?: ?[-:] ?)?(?: ?(?:error|fehler|erreur))?"
    r"|(?:40[0134] |50[0-4] |error:? )?(?:page |file |seite |article )?(?:not found|unavailable|gone|bad gateway"
    r"|forbidden|service (?:temporarily )?unavailable|(?:internal )?server error|gateway time-?out)"
    r"|access denied|just a moment|attention required!?|are you a robot\??|captcha|security check"
    r"|before you continue(?: to .{2,30})?|privacy (?:settings|preferences)|(?:your )?cookie (?:consent|settings)"
    r"|(?:log|sign) ?in|login|log ?on|register|sign ?up|create (?:an |your )?account|subscribe"
    r"|search(?: results.{0,60})?|suche|suchergebnisse.{0,60}|recherche|résultats de .{0,60}|buscar|búsqueda"
    r"|resultados de .{0,60}|ricerca|zoeken|busca|pesquisa"
    r"|seite nicht gefunden|zugriff verweigert|anmelden|anmeldung|registrieren"
    r"|page (?:introuvable|non trouvée)|accès refusé|(?:se connecter|connexion|inscription|créer un compte)"
    r"|página no encontrada|acceso denegado|iniciar sesión|pagina non trovata|accedi|página não encontrada|entrar"
    r"|pagina niet gevonden|inloggen",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s+[|–—·•»-]\s+|\s*\|\s*")

_NOTICES = {
    "an error page": (
        r"\b(?:page|article|story|content|file|link|url)\b.{0,60}\b(?:(?:does|do)(?: not|n't) exist|no longer"
        r" (?:exists?|available)|(?:could|can)(?:not| not|n't) be found|not found|been (?:re)?moved|is unavailable)"
        r"|\b(?:page|article|story|content) (?:that )?you(?:'re| are| were|'ve| have)? (?:looking for|request"
        r"|tried|try)"
        r"|\bwe (?:couldn't|could not|can't|cannot|were unable to) find (?:the|that|this|your)\b"
        r"|stories you may like instead"
        r"|moved or deleted|(?:return|back|go) to (?:our|the) (?:home|front) ?page"
        r"|\b(?:seite|artikel|inhalt|adresse)\b.{0,60}\b(?:nicht gefunden|existiert.{0,20} nicht"
        r"|nicht (?:mehr )?(?:verfügbar"
        r"|vorhanden|auffindbar))|zurück zur startseite"
        r"|\b(?:page|article|contenu)\b.{0,60}(?:n'existe (?:pas|plus)|introuvable|plus disponible|été (?:supprimé"
        r"|déplacé))"
        r"|page que vous (?:recherch|cherch|avez demand)|la page d'accueil"
        r"|\b(?:página|artículo|noticia|contenido)\b.{0,60}\b(?:no existe|no se (?:ha )?enc|no está disponible|ya no)"
        r"|\b(?:pagina|articolo)\b.{0,60}\b(?:non esiste|non è (?:più )?disponibile|non (?:è stata )?trovat)"
        r"|\b(?:página|artigo|matéria)\b.{0,60}\b(?:não existe|não foi encontrad|não está (?:mais )?disponível)"
        r"|\b(?:pagina|artikel)\b.{0,60}\b(?:bestaat niet|niet gevonden|niet (?:meer )?beschikbaar)"
    ),
    "a check of the visitor's browser": (
        r"\b(?:down|closed) for (?:\w+ )?maintenance|try again later|\benable (?:javascript|cookies)"
        r"|javascript (?:is|to be|must be) (?:disabled|enabled|required)"
        r"|checking your browser"
        r"|(?:verify|verifying|confirm)(?: that)? you(?:'re| are)(?: not)? (?:a )?(?:human|robot)"
        r"|unusual (?:traffic|activity)"
        r"|permission to access|your (?:ad ?blocker|browser (?:is|does))|\bray id\b|^reference #"
        r"|aktivieren sie javascript"
        r"|activer javascript|activ[ae] javascript|habilit[ae] javascript"
    ),
    "a consent page": (
        r"\b(?:we|our|us|you|your)\b.{0,120}\b(?:cookies?|partners|personal(?:i[sz]ed)? (?:data|ads|content"
        r"|advertising)"
        r"|privacy|consent|geolocation|preferences at any)"
        r"|\b(?:wir|uns(?:ere[nrm]?)?|sie|ihre[nr]?)\b.{0,140}(?:cookies?|tracking|tracker[n]?|partner|datenschutz"
        r"|einwilligung"
        r"|personenbezogene|privacy)|mit werbung (?:weiter)?lesen"
        r"|\b(?:nous|nos|notre|vous|vos|votre)\b.{0,140}(?:cookies?|partenaires|données (?:personnelles"
        r"|à caractère)|consent"
        r"|vie privée)"
        r"|\b(?:nosotros|nuestr[oa]s?|utilizamos|usamos|usted|tus?|sus?)\b.{0,140}(?:cookies|socios"
        r"|datos personales|consentim"
        r"|privacidad)"
        r"|\b(?:noi|nostri|utilizziamo|tu[oae]i?)\b.{0,140}(?:cookie|partner|dati personali|consenso|privacy)"
        r"|\b(?:nós|nossos|usamos|utilizamos|você|seus?)\b.{0,140}(?:cookies|parceiros|dados pessoais"
        r"|consentimento|privacidade)"
        r"|\b(?:wij|we|onze|uw|je)\b.{0,140}(?:cookies|partners|persoonsgegevens|toestemming|privacy)"
    ),
    "a login or subscription page": (
        r"\bsubscribe (?:now|to|today|for)\b|(?:for|to) (?:our )?(?:subscribers|members)(?: only)?\b.{0,20}$"
        r"|subscribers only"
        r"|(?:unlimited|full|digital|complete) access|cancel (?:anytime|any ?time|at any)|already (?:a "
        r"|have an? )?(?:subscri"
        r"|member|account|registered)|(?:to|and) (?:continue|keep) reading|free trial|(?:log|sign) ?in (?:to|or"
        r"|here|with)\b"
        r"|(?:create|need) (?:an? |your )?(?:free )?account|forgot(?:ten)? (?:your )?password|register (?:now"
        r"|for free|to)\b"
        r"|sign up (?:for|to|now)\b|by signing up|in your inbox|to your door|[€$£] ?\d[\d.,]* (?:a|per) (?:week"
        r"|month|year)"
        r"|(?:jetzt|hier|artikel) (?:weiter)?(?:lesen|anmelden|registrieren|abonnieren|testen)|(?:nur )?für abonnent"
        r"|jederzeit (?:monatlich )?kündbar|(?:bereits|schon) (?:ein |abonnent|kunde|registriert)|probemonat"
        r"|passwort vergessen"
        r"|mit .{2,30}(?:plus|\+|premium|abo) (?:weiter)?lesen"
        r"|réservée? (?:aux|à nos) abonnés|abonnez-vous|déjà (?:abonné|inscrit|un compte)|connectez-vous"
        r"|inscrivez-vous"
        r"|reste.{0,12} \d+ ?% de cet article|(?:poursuivre|continuer) (?:la|votre) lecture|mot de passe oublié"
        r"|(?:solo|exclusivo) para suscriptores|suscr[íi]b(?:ete|ase)|ya eres suscriptor|inicia(?:r)? sesión"
        r"|seguir leyendo"
        r"|regístra(?:te|se)|contraseña"
        r"|riservat[oa] agli abbonati|abbonati (?:ora|per|subito)|(?:sei )?già abbonat|registrati|continua a leggere"
        r"|exclusiv[oa] para assinantes|assine (?:já|agora|e)|já é assinante|faça (?:seu |o )?login|continu(?:e"
        r"|ar) (?:a )?l(?:endo|er)"
        r"|cadastre-se|voor abonnees|word abonnee|al abonnee|verder lezen|wachtwoord vergeten"
    ),
    "a page of search results": (
        r"\b(?:your|the) search\b|\bno results\b|\bresults? (?:for|found)\b|did not match any|check (?:the"
        r"|your) spelling"
        r"|\bihre suche\b|keine (?:treffer|ergebnisse)|suchergebnisse|votre recherche|aucun résultat"
        r"|\brésultats? (?:pour|de)\b"
        r"|su búsqueda|sin resultados|no se encontraron|\bresultados (?:de|para)\b|(?:tua|vostra) ricerca"
        r"|nessun risultato"
        r"|sua (?:busca|pesquisa)|nenhum resultado|zoekopdracht|geen resultaten"
    ),
}  # fmt: skip
# For text in lower case: with IGNORECASE they take 2.4 times as long.
_NOTICE = {kind: re.compile(pattern) for kind, pattern in _NOTICES.items()}
_BASKET = re.compile(
    r"add to (?:basket|cart|bag)|buy now|in den warenkorb|ajouter au panier|añadir (?:al carrito|a la cesta)"
    r"|agregar al carrito|aggiungi al carrello|adicionar ao carrinho|in (?:winkelwagen|mandje)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\(?\d{1,3}\s*(?:/|of|von|sur|de|di|van)\s*\d{1,3}\)?\b")
_BESIDE = dom.ASIDE | dom.NAV | dom.FOOTER
_LISTS = frozenset({"CollectionPage", "ProfilePage", "SearchResultsPage"})


class Line(NamedTuple):
    """A line of a page with what it seems to be."""

    text: str
    tag: str
    hint: str


def no_article(lines: Sequence[Line], page: dom.Dom, stated: Stated, base: str | None) -> Rejected | None:
    """Why a page is no article, or None.

    Args:
        lines: The page's lines; the first ones are `page.blocks`, in order.
        page: Its blocks and elements.
        stated: What it says of itself.
        base: Its address.

    Cost: about 0.1 ms; the wording of bodies above 3,000 characters is not looked at.
    """
    main = [line for line in lines if line.hint in BODY]
    title = stated.titles[0] if stated.titles else ""
    if not main:
        return _none(f"no paragraph of an article among {len(lines)} lines of text (title {title[:80]!r})")
    kind = _by_title(lines, main, stated) or _by_wording(main) or _by_form(lines, main, page, stated)
    if kind:
        return _none(f"{kind} (title {title[:80]!r})")
    return None if stated.is_article else _listing(main, page, base)


def _none(seen: str) -> Rejected:
    return Rejected("no_article", f"{seen}, expected an article; leave it out, or fetch the article's own address.")


def _by_title(lines: Sequence[Line], main: Sequence[Line], stated: Stated) -> str | None:
    """A title that is nothing but the name of an error, a form or a search."""
    if stated.is_article or sum(len(line.text) for line in main) >= _NOTICE_CHARS:
        return None
    for text in [*stated.titles[:3], *(line.text for line in lines if line.tag == "h1")]:
        named = _SITE.split(text.strip(), maxsplit=1)[0].strip(" .…!")
        if _TITLES.fullmatch(named) or _TITLES.fullmatch(text.strip(" .…!")):
            return f"an error, search, consent or login page, by its title {text[:60]!r}"
    return None


def _by_wording(main: Sequence[Line]) -> str | None:
    """Text that for the most part speaks to the visitor: which page that is."""
    total = sum(len(line.text) for line in main)
    if total > _NOTICE_CHARS:
        return None
    said = dict.fromkeys(_NOTICE, 0)
    any_of = total
    for line in sorted(main, key=lambda line: -len(line.text)):  # an article is told by its longest paragraphs
        text = line.text.lower().replace("’", "'")
        kinds = [kind for kind, pattern in _NOTICE.items() if pattern.search(text)]
        any_of -= 0 if kinds else len(line.text)
        if any_of < _NOTICE_SHARE * total:
            return None
        for kind in kinds:
            said[kind] += len(line.text)
    return max(said, key=lambda kind: said[kind])


def _by_form(lines: Sequence[Line], main: Sequence[Line], page: dom.Dom, stated: Stated) -> str | None:
    """A gallery, a video, a shop, a list of ledes, or lines without a sentence."""
    captions = {line.text for line, block in zip(lines, page.blocks, strict=False)
                if line.hint in BODY and block.inside & dom.FIGURE}  # fmt: skip
    captions |= {line.text for line in main if _COUNTED.match(line.text)}
    prose = [line for line in main if line.text not in captions and _is_prose(line)]
    chars = sum(len(line.text) for line in prose)
    if not prose and captions:
        return f"a gallery: {len(captions)} captions and no text"
    if stated.is_article:
        return None
    if not prose:
        return f"{len(main)} lines without a sentence"
    if chars < _STUB_CHARS and any("video" in kind.lower() for kind in stated.things):
        return f"a video with {chars} characters of text"
    if not stated.things & {"Review", "Recipe"}:
        basket = chars < _BASKET_CHARS and any(
            len(block.text) < 60 and _BASKET.search(block.text) and not block.inside & _BESIDE for block in page.blocks
        )
        if basket or ("Product" in stated.things and chars < _SHOP_CHARS):
            return "a page of a shop"
    listed = _listed(lines, page)
    if listed >= max(_LISTED, _LISTED_SHARE * len(prose)) and len(prose) - listed < _LISTED:
        return f"a list: {listed} of {len(prose)} paragraphs stand under a link of their own"
    if _LISTS & stated.things and (listed or chars < _NOTICE_CHARS // 2):
        return f"a list, as it says itself ({', '.join(sorted(_LISTS & stated.things))})"
    return None


def _is_prose(line: Line) -> bool:
    words = sum(1 for _ in itertools.islice(TOKEN.finditer(line.text), _PROSE_WORDS))
    return len(line.text) >= _PROSE_CHARS or (ends_sentence(line.text) and words >= _PROSE_WORDS)


def _listed(lines: Sequence[Line], page: dom.Dom) -> int:
    """Paragraphs of the body each of which has a link of its own, before it or behind it: ledes of other articles.

    Before it, author and date may stand between. The two ways are counted apart: in an article, a link that is set
    between two paragraphs belongs to neither.
    """
    before = behind = 0
    since, prose = _BETWEEN + 1, False  # lines since a link; whether the line before is a paragraph of the body
    for line, block in zip(lines, page.blocks, strict=False):
        if block.link_chars > 0.7 * len(block.text):
            words = block.text.count(" ") + 1
            behind += prose and words >= 2
            since, prose = 0 if words >= _LINK_WORDS else since + 1, False
            continue
        prose = line.hint in BODY and _is_prose(line)
        before += prose and since <= _BETWEEN
        since = _BETWEEN + 1 if prose else since + 1
    return max(before, behind)


def _listing(main: Sequence[Line], page: dom.Dom, base: str | None) -> Rejected | None:
    """A body of links, or the page at the root of a site."""
    chars = sum(len(line.text) for line in main)
    taken = {line.text for line in main}
    links = sum(block.link_chars for block in page.blocks if block.text in taken)
    place = urlsplit(base) if base is not None else None
    root = (
        place is not None and place.path.strip("/") in ("", "index.html", "index.htm", "index.php") and not place.query
    )
    short = sum(len(line.text) < 200 for line in main)
    many = len(main) >= 12 and short >= 0.9 * len(main) and links > 0.25 * chars
    if links > 0.5 * chars or root or many:
        return _none(f"a list of links, or a front page ({links} of {chars} characters are links)")
    return None
