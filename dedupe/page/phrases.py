"""What the furniture of a news page says, in en, de, fr, es, it, pt and nl: small lists, matched on short lines only.

Each pattern must match a whole line (after `fold`), or its beginning where the name ends in ``_START``. They are kept
narrow on purpose: a phrase that a sentence of an article could be is left to position and form. Source: written for
this project from the wording news sites share; none is the wording of one outlet.
"""

import re

_SPACE = re.compile(r"\s+")
_EDGE = " \t\r\n\u00a0\u200b·•|>»›→<«‹-–—*:_▼▶►#"


def fold(line: str) -> str:
    """A line as the patterns see it: lower case, single spaces, no bullets or colons at the edges."""
    return _SPACE.sub(" ", line.lower().replace("’", "'")).strip(_EDGE)


def whole(*patterns: str) -> re.Pattern[str]:
    """One pattern of several, for a whole line and the marks that may end it."""
    return re.compile(rf"(?:{'|'.join(patterns)})\s*[.!:…]*")


RELATED_HEADING = whole(
    # en
    r"(?:related|recommended|more|similar|popular|trending|latest|top|further|other|featured|suggested|must)"
    r"[- ](?:read|article|stor(?:y|ie)|new|post|content|link|topic|coverage|reading|video|headline|item)s?"
    r"(?: (?:for you|from .{2,30}|on .{2,40}|in .{2,30}|today|now|reads))?",
    r"related(?: special topic recommendations| topics?| tags?| to this (?:story|article|topic))?",
    r"(?:special topic |topic )?recommendations?(?: for you)?",
    r"(?:more|read more|see more|also|see also|also read|read also|read next|up next|next up|most read"
    r"|most popular|most viewed)"
    r"(?: (?:from|on|in|about|by|like) .{2,40})?",
    r"you (?:may|might|could) (?:also )?(?:like|be interested in|enjoy|have missed)(?: .{0,20})?",
    r"recommended(?: for you| reading| by .{2,20})?|what to read next|what others are reading|don't miss"
    r"|in case you missed it",
    r"around the web|from the web|promoted (?:stories|content|links)|sponsored(?: content| links| stories)?"
    r"|(?:editor'?s?|editors') picks?|empfehlungen der redaktion|ultime notizie|últimas noticias|laatste nieuws"
    r"|dernières (?:actualités|nouvelles|infos)|(?:você )?também pode gostar|você também pode gostar|não perca",
    r"keep reading|continue reading|trending(?: now)?|more (?:top )?stories|the latest|latest(?: updates)?",
    # de
    r"(?:mehr (?:zum|zu|aus|von) .{2,40}|mehr zum thema|lesen sie auch|auch interessant|das könnte (?:sie"
    r"|dich) (?:auch )?interessieren"
    r"|weitere (?:artikel|meldungen|nachrichten|themen|beiträge)|ähnliche (?:artikel|themen|beiträge)"
    r"|passend dazu|meistgelesen(?:e artikel)?"
    r"|empfohlene (?:artikel|inhalte)|themen(?: im artikel)?|verwandte (?:artikel|themen|beiträge)|zum thema"
    r"|lesetipps?|aus dem ressort)",
    # fr
    r"(?:à lire (?:aussi|également|ensuite)|lire (?:aussi|également|la suite)|articles? (?:liés?|similaires?"
    r"|associés?|recommandés?|connexes?)"
    r"|sur le même (?:sujet|thème)|dans la même rubrique|à ne pas manquer|les plus lus|nos (?:derniers"
    r"|autres) articles|pour aller plus loin"
    r"|vous aimerez aussi|à découvrir(?: aussi)?|plus d'articles|ailleurs sur le web|notre sélection)",
    # es
    r"(?:(?:noticias|artículos|contenidos?|notas|temas|enlaces) (?:relacionad[oa]s?|recomendad[oa]s?)"
    r"|te puede interesar|le puede interesar"
    r"|también te puede interesar|te recomendamos|lee también|lea también|leer más|más noticias|más información"
    r"|lo más (?:leído|visto|reciente)"
    r"|más sobre .{2,40}|ver también|relacionad[oa]s?|no te pierdas)",
    # it
    r"(?:leggi anche|(?:articoli|notizie|contenuti) (?:correlat[ie]|simili|consigliat[ie])"
    r"|potrebbe (?:interessarti|interessarvi)(?: anche)?"
    r"|ti potrebbe interessare|i più letti|le più lette|da non perdere|approfondimenti|altre notizie|leggi di più"
    r"|vedi anche|per approfondire)",
    # pt
    r"(?:leia (?:também|mais)|veja (?:também|mais)|(?:notícias|artigos|matérias|conteúdos?"
    r"|notas) (?:relacionad[oa]s?|recomendad[oa]s?)"
    r"|relacionad[oa]s|mais lidas?|mais (?:notícias|sobre .{2,40})|saiba mais|últimas notícias"
    r"|recomendados para você|você pode gostar)",
    # nl
    r"(?:lees (?:ook|meer|verder)|meer (?:over|uit|van) .{2,40}|meer nieuws(?: (?:over|uit|van) .{2,40})?"
    r"|gerelateerde? (?:artikelen|berichten"
    r"|nieuws|onderwerpen|artikel)"
    r"|aanbevolen(?: voor jou| artikelen)?|meest gelezen|ook interessant|bekijk ook|net binnen"
    r"|misschien vind je dit ook interessant)",
)

IN_TEXT_LINK_START = re.compile(
    r"(?:read (?:more|also|next|this)|also read|see (?:also|more)|learn more|related|more|watch(?: also)?"
    r"|must read|don't miss|recommended"
    r"|further reading"
    r"|lesen sie (?:auch|mehr|hier)|mehr (?:dazu|lesen)|siehe auch|lire (?:aussi|plus)|à lire aussi"
    r"|lire également|à lire également"
    r"|voir aussi|lee también|lea también|te puede interesar"
    r"|(?:lea|leer|lee) más|ver también|per approfondire|leggi anche|vedi anche|leia também|(?:leia|ler"
    r"|saiba) mais|veja também|lees (?:ook|verder)|lees meer"
    r"|bekijk ook)\s*[:|>»–—]\s*\S",
)

WIDGET = whole(
    # counters and comments
    r"\d+\s*/\s*\d{2,5}",
    r"(?:\d[\d.,]*\s*)?(?:comments?|kommentare?|commentaires?|comentarios?|commenti|comentários?"
    r"|reacties)(?:\s*\(?\s*\d[\d.,]*\s*\)?)?",
    r"(?:no|0|show|view|hide|load|leave a|post a|add a|write a|join the|see|read|all"
    r"|be the first to) comments?(?: \(?\d*\)?)?|leave a reply|join the (?:conversation|discussion)",
    r"(?:kommentar (?:schreiben|hinterlassen)|laisser un commentaire|réagir|deja un comentario|lascia un commento"
    r"|deixe um comentário|reageer)",
    r"\d[\d.,]*\s*[km]?\s*(?:shares?|likes?|views?|reads?|retweets?|followers?|mal geteilt|partages?|vistas"
    r"|visualizaciones|visualizzazioni|visualizações|keer gedeeld)",
    # sharing, saving, printing
    r"(?:share|tweet|post|pin|send|email|copy|save|print|bookmark|follow|like)(?: (?:this|the|it|us|link|article"
    r"|story|page|via|on|to|with|by|me|now|friends|"
    r"facebook|twitter|x|linkedin|whatsapp|telegram|reddit|email|e-mail|pinterest|instagram|google|google news"
    r"|threads|bluesky|flipboard|messenger|more|option[s]?|button[s]?)){0,5}",
    r"(?:(?:share|shared|follow us|teilen|partager|compartir|condividi|compartilhar|compartilhe|delen"
    r"|deel)(?: (?:on|via|auf|per|sur|par|en|por|su|no|na|op|dit artikel|this article|cet article"
    r"|questo articolo))?)"
    r"(?: (?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|e-?mail|mail|pinterest|instagram|threads"
    r"|bluesky|messenger|xing))*",
    r"(?:facebook|twitter|linkedin|whatsapp|telegram|reddit|e-?mail|pinterest|instagram|messenger|flipboard"
    r"|threads|bluesky|tiktok|youtube|snapchat|tumblr|xing)",
    r"(?:copy|copied|link) (?:link|url|to clipboard|kopieren|copied)!?|link kopieren|copier le lien"
    r"|copiar (?:el )?enlace|copia link|copiar link|kopieer link",
    r"(?:artikel )?(?:drucken|merken|speichern|anhören|vorlesen)|imprimer|imprimir|stampa|enregistrer|guardar"
    r"|afdrukken|listen(?: to (?:this )?article)?(?: \d+ min(?:utes)?)?",
    r"(?:\d+ )?min(?:ute)?s? read|\d+ min(?:uten)?(?: lesezeit)?|lesezeit:? \d+ min(?:uten)?"
    r"|temps de lecture.{0,20}|tiempo de lectura.{0,20}|tempo di lettura.{0,20}",
    r"(?:click|tap) (?:here )?to (?:copy|share|expand|play|view|enlarge|read more|zoom)(?: .{0,30})?|play video"
    r"|watch video|replay|loading|view (?:gallery|all)|show more|see all|close|toggle .{2,20}",
    # advertisements
    r"(?:advertisement|advertising|ad|ads|sponsored|promoted|anzeige|werbung|publicité|publicidad|pubblicità"
    r"|publicidade|advertentie|reklame)(?: (?:-|–)? ?(?:scroll to continue|continue reading below|remove ads))?",
    r"(?:story continues below(?: advertisement)?|article continues (?:below|after).{0,30}|continue reading below"
    r"|scroll to continue.{0,30}|der artikel wird .{2,40} fortgesetzt|la suite après (?:la|cette) publicité"
    r"|continúa (?:leyendo )?(?:tras|después de) la publicidad|continua a leggere dopo la pubblicità"
    r"|continua após a publicidade|tekst gaat verder (?:onder|na) .{2,30})",
)

NOTICE_START = re.compile(
    # newsletter, paywall, cookie, app and legal notices: sentences addressed to the reader
    r"(?:sign up (?:now|here|today|(?:for|to) (?:our|the|this|these|free|daily|get|receive)\b.{0,60}(?:newsletter"
    r"|inbox|alerts?|briefing|(?:e-?mail|daily) updates?))|subscribe (?:now|today|here|to (?:our"
    r"|the (?:newsletter|channel|podcast)|continue"
    r"|read|keep|unlock|get)\b)|get (?:the|our) .{0,40}(?:newsletter|inbox|app)\b|join our .{0,30}(?:newsletter"
    r"|channel|whatsapp|telegram|community)"
    r"|download (?:the|our) .{0,30}app\b|follow (?:us|our .{2,30}) on|like us on|already (?:a"
    r"|have an) (?:subscriber|account|member)|(?:please )?(?:log|sign) ?in (?:to|or)\b"
    r"|to (?:continue|keep) reading(?: (?:this|the) (?:article|story))?(?:,|$| (?:please|log|sign|subscribe"
    r"|register|become))"
    r"|this article is (?:for|only available to|reserved for) (?:subscribers"
    r"|members)|you have reached your .{2,30}limit|(?:we|this (?:site|website)) uses? cookies(?: (?:to|and|on|for"
    r"|in)\b|[.,]|$)|by (?:clicking"
    r"|continuing|signing up|subscribing|entering)\b.{0,60}(?:you|agree|cookie)"
    r"|this site is protected by recaptcha|thank you for (?:subscribing|signing up)|your (?:email|e-mail) address"
    r"|enter your e-?mail|support (?:our|independent) journalism"
    r"|(?:©|copyright(?: ©)?|\(c\)) ?\d{4}\b|all rights reserved(?:$| ?[.,!|–©-]| (?:by|to)\b)"
    r"|this material may not be published"
    r"|click here to (?:sign up|subscribe|join)"
    r"|melden sie sich .{0,40}(?:an|newsletter)|jetzt (?:abonnieren|anmelden|registrieren|newsletter)"
    r"|abonnieren sie|newsletter (?:abonnieren|bestellen)|(?:dieser artikel"
    r"|weiterlesen) .{0,20}(?:nur für abonnenten|mit .{0,15}abo)|wir verwenden cookies|alle rechte vorbehalten"
    r"|folgen sie uns"
    r"|abonnez-vous(?:$| (?:à (?:la newsletter|la lettre|la chaîne|notre|nos)\b|pour\b|dès\b|maintenant))"
    r"|inscrivez-vous (?:à|pour|gratuitement)|recevez .{0,70}(?:newsletter|boîte mail|par mail)"
    r"|cet article est réservé aux abonnés|il vous reste .{2,30} à lire|nous utilisons des cookies"
    r"|tous droits réservés|suivez-nous|déjà abonné|téléchargez l'application"
    r"|suscríb[ae](?:te|se)(?:$|[.!]| (?:ahora|gratis|aquí|hoy|para|y)\b| al? (?:la |nuestr[oa] |este )?"
    r"(?:newsletter|boletín|canal|podcast))|recibe .{0,70}(?:newsletter|boletín|correo)|regístra(?:te|se)|síguenos"
    r"|este (?:artículo|contenido) es (?:exclusivo|solo) para suscriptores|utilizamos cookies"
    r"|todos los derechos reservados|descarga(?:r)? (?:la|nuestra) app"
    r"|iscriviti (?:alla|al|per|ora)|abbonati (?:per|a|ora|subito)|ricevi .{0,80}(?:newsletter|di posta|e-?mail)"
    r"|questo articolo è riservato|utilizziamo i cookie|tutti i diritti riservati|seguici su"
    r"|riproduzione riservata|© riproduzione"
    r"|assine (?:já\b|agora\b|para (?:continuar|ler)\b|(?:a |o |noss[oa] )?(?:newsletter|boletim|jornal"
    r"|revista)\b)|inscreva-se|receba .{0,40}(?:newsletter|e-mail)|cadastre-se"
    r"|siga(?:-nos\b| (?:o|a) (?:canal|página|perfil)\b| .{2,30} (?:no|na) (?:facebook|instagram|whatsapp"
    r"|google))|conteúdo exclusivo para assinantes|todos os direitos reservados"
    r"|usamos cookies|baixe o app"
    r"|schrijf je in|meld je aan|abonneer|ontvang .{0,40}nieuwsbrief|dit artikel is (?:alleen )?voor abonnees"
    r"|wij gebruiken cookies|alle rechten voorbehouden|volg ons)",
)

NAVIGATION = whole(
    r"home|home ?page|menu|search|log ?in|sign (?:in|up)|register|subscribe|my account|contact(?: us)?"
    r"|about(?: us)?|help|faq|skip to (?:main )?content|back(?: to top)?|next|previous|topics?|tags?|sections?"
    r"|archive|newsletters?|rss|privacy(?: policy)?|terms(?: of (?:use|service))?|cookie (?:policy|settings)"
    r"|site ?map|jobs|careers|imprint",
    r"startseite|menü|suche|anmelden|abmelden|kontakt|über uns|impressum|datenschutz|nach oben|zurück|weiter"
    r"|schlagw(?:o|ö)rter|agb",
    r"accueil|recherche|se connecter|connexion|s'abonner|mentions légales|retour|suivant|précédent|plan du site",
    r"inicio|portada|buscar|iniciar sesión|suscribirse|contacto|aviso legal|volver|siguiente|anterior|etiquetas",
    r"cerca|accedi|abbonati|contatti|chi siamo|indietro|avanti|início|pesquisar|entrar|assine|contato|voltar"
    r"|próxim[oa]",
    r"zoeken|inloggen|aanmelden|over ons|terug|volgende|vorige",
)

CAPTION = re.compile(
    r"(?:(?:photo|photograph|image|picture|pic|video|graphic|illustration|foto|bild|grafik|imagen|immagine|imagem"
    r"|beeld|crédit|credit|crédits|photo credit|image credit|fotocredit|quelle|bildquelle|fuente|fonte|bron)"
    r"(?: (?:by|credit|courtesy|via|from|von|par|de|di|door|file|source))?\s*[:©/|]\s*\S.{0,120}"
    r"|(?:file|handout|archive|undated) (?:photo|image|picture)\b.{0,120}"
    r"|(?:©|\(c\)) ?(?:.{2,60})"
    r"|.{0,40}(?:/| via )(?:getty images|reuters|afp|ap|epa|dpa|shutterstock|istock|alamy|bloomberg|imago"
    r"|picture alliance|anp|lusa|ansa|efe|keystone)\b.{0,40}"
    r"|(?:ap|reuters|afp|epa|getty(?: images)?|dpa) photo\b.{0,60}|.{2,60} photo(?:graph)?(?:/.{2,40})?)\s*[.)]?",
)
PHOTO_CREDIT_END = re.compile(
    r"[(\[]?\s*(?:(?:ap|afp|epa|reuters|dpa|getty) photo|photo(?:graph)?(?: by| credit)?|foto|image|picture"
    r"|bild)s?\b\s*[:/]?[^()\[\]]{0,80}[)\]]\s*$"
    r"|[(\[][^()\[\]]{0,60}(?:/| via )\s*(?:getty images|reuters|afp|ap|epa|dpa|shutterstock|alamy"
    r"|bloomberg)[^()\[\]]{0,30}[)\]]\s*$",
    re.IGNORECASE,
)
