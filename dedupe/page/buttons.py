"""What buttons, counters and notices around an article say, in seven languages: whole short lines only.

Built by parts (what is done x to what x where), so that wordings that were never seen match as well. Source: written
for this project from the wording news sites share; none is the wording of one outlet.
"""

import re

from dedupe.page.phrases import whole

_NET = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|e-?mail|mail|correo(?: electrónico)?|courriel|pinterest"
    r"|instagram|threads|bluesky|mastodon|messenger|xing|google(?: news)?|tiktok|youtube|flipboard|signal|sms)"
)
_N = r"\(?\d[\d.,]*\)?"

BUTTON = whole(
    # sharing
    rf"(?:(?:diesen |den )?(?:artikel|beitrag|text|link) )?(?:(?:per|auf|via|bei|über|mit) )?{_NET}"
    r" (?:teilen|senden|versenden|verschicken|empfehlen)",
    r"(?:diesen |den )?(?:artikel|beitrag) (?:teilen|verschicken|empfehlen|weiterempfehlen)",
    rf"(?:envoyer|partager|recommander)(?: (?:cet |l')?(?:article|page))?(?: (?:par|sur|via|avec) {_NET})?",
    rf"(?:compartir|comparte|enviar|envía|tuitear)(?: (?:este |el |la |esta )?(?:artículo|noticia|nota|enlace))?"
    rf"(?: (?:en|por|vía|via|con) {_NET})?",
    rf"(?:condividi|invia|inoltra)(?: (?:l'|questo |questa |il |la )?(?:articolo|pagina|notizia|link))?"
    rf"(?: (?:su|via|per|con|tramite) {_NET})?",
    rf"(?:compartilhar?|compartilhe|partilhar?|partilhe|enviar|envie)"
    rf"(?: (?:este |esta |o |a )?(?:artigo|notícia|matéria|link))?(?: (?:no|na|em|por|via|com|pelo) {_NET})?",
    rf"(?:deel|delen|verstuur|stuur)(?: (?:dit |deze |het )?(?:artikel|bericht|link))?(?: (?:op|via|per"
    rf"|met) {_NET})?",
    r"(?:the )?link (?:is |was )?copied(?: to (?:the )?clipboard)?|link (?:in die zwischenablage )?kopiert"
    r"|lien copié|enlace copiado|link copiato|link copiado|link gekopieerd"
    r"|link kopieren|copier (?:l'url|le lien)|kopieer (?:de )?link",
    # printing, keeping, hearing, reading time
    r"(?:imprimer|enregistrer|sauvegarder)(?: (?:l'|cet )article)?|(?:imprimir|guardar)(?: (?:el "
    r"|este )?(?:artículo|nota))?"
    r"|(?:stampa|salva)(?: (?:l'|questo )?articolo)?|(?:imprimir|guardar|salvar)(?: (?:o |este )?artigo)?",
    r"(?:(?:dit )?artikel )?(?:afdrukken|bewaren|printen|opslaan)|(?:bewaar|print)(?: dit)?(?: artikel)?",
    r"listen to (?:this|the) (?:article|story)|(?:diesen )?artikel (?:anhören|vorlesen)(?: lassen)?"
    r"|écouter (?:l'|cet )article|escuchar (?:el |este )?(?:artículo|nota)|ascolta (?:l'|questo )articolo"
    r"|ouvir (?:o |este )?artigo|luister naar (?:dit|het) artikel",
    r"(?:reading time|read time|lesezeit|(?:temps de )?lecture|tiempo de lectura|tempo di lettura"
    r"|tempo de leitura|leestijd)"
    r" ?:? ?(?:ca\. ?)?\d+ ?min\w*\.?",
    r"\d+ ?(?:min|mins|minutes?|minuten|minutos|minuti)\.? (?:read|lesezeit|de lecture|de lectura|di lettura"
    r"|de leitura"
    r"|leestijd|leestijd)",
    # comments
    r"(?:show|view|see|read|hide|load)(?: all| more| the)? comments|comments (?:are |have been )?(?:closed"
    r"|disabled)|no comments yet",
    rf"(?:noch )?keine kommentare|(?:zu den |alle |{_N} )kommentaren?(?: (?:anzeigen|lesen|ansehen|laden))?"
    r"|kommentare (?:anzeigen|lesen|ansehen|laden|ausblenden|(?:sind )?geschlossen)"
    r"|kommentar(?:e)? (?:schreiben|verfassen|abgeben|hinterlassen)"
    r"|(?:schreiben|verfassen|hinterlassen) sie (?:den ersten|einen|ihren) kommentar|(?:jetzt |hier )?mitdiskutieren"
    r"|diskutieren sie mit|die kommentarfunktion ist .{3,20}",
    r"aucun commentaire|(?:ajouter|laisser|écrire|publier|poster|déposer) (?:un|votre) commentaire"
    r"|(?:voir|lire|afficher|masquer|charger) (?:tous )?(?:les |plus de )?commentaires"
    r"|(?:les )?commentaires (?:sont )?(?:fermés|désactivés|clos)"
    r"|soyez le premier à (?:commenter|réagir)|réagissez|réagir",
    r"(?:sin|no hay) comentarios|(?:dejar?|escribir?|escribe|publicar?|añadir?|añade|agregar?) (?:un|tu"
    r"|su) comentario"
    r"|(?:ver|leer|mostrar|cargar|ocultar) (?:todos )?(?:los |más )?comentarios"
    r"|(?:los )?comentarios (?:están )?(?:cerrados|desactivados)|s[eé] el primero en (?:comentar|opinar)"
    r"|únete a la (?:conversación|discusión)|comentar",
    r"nessun commento|(?:lascia|scrivi|aggiungi|pubblica|inserisci) (?:un|il tuo) commento"
    r"|(?:vedi|leggi|mostra|carica|nascondi|guarda|visualizza) (?:tutti )?(?:i |altri )?commenti"
    r"|(?:i )?commenti (?:sono )?(?:chiusi|disattivati)|commenta(?: (?:per primo|l'articolo|la notizia))?"
    r"|sii il primo a commentare",
    r"(?:nenhum|sem) comentários?|(?:deixe|escreva|adicione|publique|faça) (?:o |um )?(?:seu )?comentário"
    r"|(?:ver|ler|mostrar|carregar|ocultar) (?:todos )?(?:os |mais )?comentários"
    r"|(?:os )?comentários (?:estão )?(?:encerrados|fechados|desativados)|seja o primeiro a comentar|comentar",
    r"(?:nog )?geen reacties|(?:plaats|schrijf|geef) (?:een|je|uw) reactie|(?:laat|voeg) (?:een"
    r"|je) reactie (?:achter|toe)"
    r"|(?:bekijk|toon|lees|laad|verberg) (?:alle |de |meer )?reacties"
    r"|wees de eerste (?:die reageert|om te reageren)|reageren(?: is niet (?:meer )?mogelijk)?|reageer"
    r"|reacties (?:zijn )?gesloten",
    # advertisements
    r"skip (?:this )?ad(?:vertisement)?s?|(?:anzeige|werbung) (?:überspringen|schließen|ausblenden)"
    r"|nach der (?:werbung|anzeige) (?:weiterlesen|geht es weiter)|weiter(?:lesen)? nach der (?:werbung|anzeige)"
    r"|bezahlter inhalt|gesponserter inhalt",
    r"(?:passer|fermer) (?:la|cette) publicité|(?:l'article|la lecture|la suite) (?:continue )?(?:après|sous)"
    r" (?:la |cette )?(?:publicité|annonce)|contenu sponsorisé",
    r"(?:saltar|omitir|cerrar) (?:la )?publicidad|(?:continúa|continuar|sigue|seguir|siga)(?: leyendo)?"
    r" (?:tras|después de|debajo de) (?:la |esta )?publicidad|contenido patrocinado",
    r"(?:salta|chiudi) (?:la )?pubblicità|(?:l'articolo )?continua (?:a leggere )?(?:dopo|sotto) (?:la "
    r"|questa )?pubblicità"
    r"|contenut[oi] sponsorizzat[oi]",
    r"(?:pular|saltar|fechar) (?:o )?(?:anúncio|publicidade)|continua(?: a ler| lendo)? (?:após|depois d[ae])"
    r" (?:a )?publicidade|conteúdo patrocinado",
    r"(?:sla|sluit) (?:de )?advertentie(?: over)?|(?:(?:de )?tekst|(?:het )?artikel|lees)(?: gaat)? verder"
    r" (?:onder|na) (?:de )?advertentie|gesponsorde (?:inhoud|content)",
    # cookie walls
    r"(?:accept|reject|allow|decline)(?: all)?(?: cookies)?|manage (?:preferences|cookies|consent|options|settings)"
    r"|cookie (?:settings|preferences)|(?:i )?agree and (?:close|continue)",
    r"(?:alle |alles )?(?:cookies )?(?:akzeptieren|ablehnen|zulassen)|(?:cookie|datenschutz)-?einstellungen"
    r"|(?:einstellungen|cookies) (?:verwalten|anpassen)|(?:allen )?zustimmen(?: und (?:weiter|schließen))?",
    r"(?:tout (?:accepter|refuser)|(?:accepter|refuser)(?: tous les| les)? cookies|continuer sans accepter)"
    r"|(?:gérer|paramétrer|personnaliser) (?:les |mes )?(?:cookies|préférences|choix)|accepter et (?:fermer"
    r"|continuer)",
    r"(?:aceptar|rechazar)(?: tod[oa]s?)?(?: las)?(?: cookies)?|(?:configurar|gestionar|administrar) (?:las )?"
    r"(?:cookies|preferencias)|configuración de cookies|aceptar y (?:cerrar|continuar)",
    r"(?:accetta|rifiuta)(?: tutt[oi])?(?: i)?(?: cookie)?|(?:impostazioni|preferenze) (?:dei |sui )?cookie"
    r"|gestisci (?:i |le )?(?:cookie|preferenze|consensi)|accetta e (?:chiudi|continua)",
    r"(?:aceitar|rejeitar|recusar)(?: tod[oa]s| tudo)?(?: os)?(?: cookies)?|(?:configurar|gerir"
    r"|gerenciar) (?:os )?cookies"
    r"|(?:configurações|definições) de cookies|aceitar e (?:fechar|continuar)",
    r"(?:alle |alles )?(?:cookies )?(?:accepteren|weigeren|toestaan)|cookie-?(?:instellingen|voorkeuren)"
    r"|(?:voorkeuren|cookies) (?:beheren|aanpassen)",
    # more of it, and ways around the page
    r"read (?:the )?(?:full|whole) (?:story|article)|mehr (?:lesen|erfahren|anzeigen|laden)|weiterlesen(?: (?:mit"
    r"|auf) .{2,15})?"
    r"|alle anzeigen|lire (?:plus|l'article)|en savoir plus|voir (?:plus|tout)|afficher plus|(?:leer|ver|mostrar"
    r"|saber|cargar)"
    r" más|ver tod[oa]s?|(?:seguir|sigue|continúa) leyendo|leer (?:la )?nota completa|leggi (?:tutto|l'articolo)"
    r"|scopri di più|vedi tutt[oi]|mostra (?:altro|tutti)|continua(?: a leggere)?|(?:ler|ver|saber|mostrar"
    r"|carregar) mais"
    r"|ver tudo|continu(?:e|ar) (?:lendo|a ler)|meer (?:lezen|weten|laden|tonen)|toon meer|bekijk alles|verder lezen",
    r"(?:retour en|haut) (?:haut|de page)|retour à (?:l'accueil|la une)|aller au contenu(?: principal)?"
    r"|volver (?:arriba|al inicio)"
    r"|(?:ir|saltar) al contenido(?: principal)?|torna (?:su|all'inizio|in alto)|(?:vai"
    r"|salta) al contenuto(?: principale)?"
    r"|voltar ao (?:topo|início)|ir para (?:o )?conteúdo(?: principal)?|terug naar boven"
    r"|(?:ga )?naar (?:de )?(?:inhoud|hoofdinhoud)|zur startseite|zum (?:inhalt|hauptinhalt"
    r"|seitenanfang)(?: springen)?",
    r"(?:photo|image) gallery|slideshow(?: \(\d+ images?\))?|(?:play|watch) (?:the )?video|bildergalerie|fotostrecke"
    r"|video (?:abspielen|ansehen|starten)"
    r"|diaporama|(?:lire|voir|regarder|lancer) la vidéo|galería(?: de (?:fotos|imágenes))?"
    r"|(?:reproducir|ver) (?:el )?v[ií]deo|galleria (?:fotografica|di immagini)|(?:guarda|riproduci) il video"
    r"|galeria de (?:fotos|imagens)|(?:ver|reproduzir|assistir|assista)(?: ao| o)? v[íi]deo|foto(?:galerij|serie)"
    r"|video (?:afspelen|bekijken)",
    r"report (?:an? )?(?:error|typo|mistake)|fehler (?:melden|gefunden\?)|signaler une (?:erreur|faute)"
    r"|(?:reportar|notificar) (?:un )?error|segnala (?:un )?errore|(?:reportar|comunicar) (?:um )?erro"
    r"|meld (?:een )?fout|fout gezien\?",
    r"(?:did|do) you (?:like|enjoy) this (?:article|story)\?|hat ihnen (?:der|dieser) (?:artikel|beitrag) gefallen\?"
    r"|cet article vous a(?:-t-il)? (?:plu|intéressé) ?\?|¿te (?:ha gustado|gustó) (?:este|el) artículo\?"
    r"|ti è piaciuto (?:questo |l')articolo\?|gostou d(?:este|esse|o) artigo\?|vond je dit artikel .{2,15}\?",
    # signing up and paying: what the field or button says
    r"(?:ihre|deine) e-?mail-?adresse|(?:votre|ton) (?:adresse )?(?:e-?mail|courriel)|(?:tu"
    r"|su) (?:correo(?: electrónico)?|e-?mail)"
    r"|(?:il tuo )?indirizzo e-?mail|(?:seu|o seu) (?:endereço de )?e-?mail|(?:je|uw) e-?mailadres",
    r"(?:jetzt |kostenlos |hier )*(?:abonnieren|anmelden|registrieren|testen|weiterlesen)|(?:je )?m'abonne"
    r"|je m'abonne"
    r"|s'abonner|s'inscrire(?: à la newsletter)?|(?:suscríbete|suscribirse|suscribirme)(?: ahora| gratis)?"
    r"|(?:abbonati|iscriviti)(?: ora| subito)?|(?:assine|inscreva-se|subscrever)(?: já| agora)?"
    r"|(?:abonneer|word abonnee|neem een abonnement|inschrijven)(?: nu| je nu)?",
)

# Sentences addressed to the reader: what they begin with, and (behind ".*") what they must also hold.
ADDRESS = re.compile(
    r"to (?:read|see|view) (?:the (?:full|whole|rest)|more).{0,40}(?:subscri|log ?in|sign|regist|trial|member)"
    r"|add .{2,30} as a preferred source|start your (?:free )?(?:trial|subscription)\b"
    r"|(?:unlock|enjoy) (?:this|the|unlimited) .{0,30}(?:article|access|story)\b"
    r"|you (?:can unsubscribe|have \d+ .{0,20}articles?\b)|did you know you can"
    # de
    r"|laden sie (?:jetzt )?(?:unsere|die) .{0,20}app\b"
    r"|(?:diese|unsere) (?:web)?(?:seite|site|website) (?:verwendet|nutzt|benutzt) cookies|wir (?:nutzen"
    r"|setzen) cookies"
    r"|mit (?:der|ihrer|deiner) (?:anmeldung|registrierung) (?:stimmen|akzeptieren|erklären|stimmst)"
    r"|sie haben (?:bereits|schon) ein .{0,20}(?:abo|konto)\b|(?:noch kein|bereits) (?:abonnent|abo|konto"
    r"|plus-).{0,50}$"
    r"|dieser (?:artikel|beitrag|inhalt) ist (?:exklusiv|nur|ausschließlich) für"
    r"|um (?:diesen|den) .{0,30}(?:artikel|text|beitrag) .{0,30}lesen.{0,50}(?:abo|anmeld|registrier|konto)"
    r"|die wichtigsten .{3,50}(?:in ihr postfach|per e-?mail|in ihrem postfach)"
    r"|vielen dank für (?:ihre|deine) (?:anmeldung|registrierung)|jetzt .{0,25}(?:gratis|kostenlos) (?:testen|lesen)"
    # fr
    r"|profitez d(?:'un|e) .{0,20}(?:essai|gratuit|offre)|(?:ce|notre) site utilise (?:des|les) cookies"
    r"|en (?:vous inscrivant|cliquant|poursuivant).{0,20} vous acceptez|merci (?:de|pour) votre inscription"
    r"|(?:cet )?article réservé aux|pour (?:lire|continuer).{0,40}(?:abonnez|connectez|inscrivez)-vous"
    r"|(?:télécharge[zr]|installez) (?:notre|l')\s?appli|il vous reste \d+"
    # es
    r"|(?:este|nuestro) (?:sitio(?: web)?|portal) (?:utiliza|usa) cookies|¡?gracias por (?:suscribirte|registrarte)"
    r"|al (?:suscribirte|registrarte|hacer clic).{0,20} aceptas|te quedan? \d+ .{0,15}(?:artículos?|notas?)\b"
    r"|¿?ya eres (?:suscriptor|socio)|para (?:seguir|continuar) leyendo,? (?:inicia|regístra|suscr)"
    r"|prueba .{2,15} gratis$"
    r"|(?:contenido|artículo) exclusivo para"
    # it
    r"|(?:questo|il nostro) sito (?:utilizza|usa) (?:i )?cookie|grazie per (?:esserti|l'iscrizione)"
    r"|iscrivendoti,? accetti|ti restano \d+ .{0,20}articoli|sei già (?:abbonato|registrato)"
    r"|per continuare a leggere,? (?:accedi|abbonati|registrati)|prova gratis|scarica (?:la nostra|l')\s?app\b"
    r"|contenuto riservato (?:agli|ai)|il tuo browser non"
    # pt
    r"|(?:este|o nosso|nosso) site (?:utiliza|usa) cookies|obrigad[oa] por se (?:inscrever|cadastrar)"
    r"|ao se (?:inscrever|cadastrar),? você|(?:você )?(?:ainda )?tem \d+ .{0,10}(?:artigos?|matérias?) (?:grátis"
    r"|gratuit)"
    r"|já é assinante|para continuar (?:lendo|a ler),? (?:faça|assine|inicie)|experimente .{0,10}grátis"
    r"|este (?:artigo|conteúdo) é exclusivo|(?:baixe|descarregue|instale) (?:o )?(?:nosso )?(?:app|aplicativo)"
    r"|receba .{3,60}(?:no seu e-?mail|por e-?mail)|subscreva (?:a|o) (?:nossa? )?(?:newsletter|boletim)"
    # nl
    r"|deze (?:web)?site (?:maakt gebruik van|gebruikt) cookies|bedankt voor (?:je|uw) (?:aanmelding|inschrijving)"
    r"|door (?:je|u) (?:aan te melden|in te schrijven).{0,20} (?:ga|accepteer)"
    r"|je hebt nog \d+ .{0,15}artikel|al abonnee\?|log in om (?:verder te lezen|dit artikel)|probeer .{0,20}gratis$"
    r"|exclusief voor abonnees|(?:download|installeer) (?:onze|de) .{0,15}app\b|om verder te lezen,? (?:log|word"
    r"|neem)"
    r"|ontvang .{3,60}(?:in je (?:mailbox|inbox)|per (?:e-?)?mail)"
)
PICTURE = re.compile(
    r"(?:stock|file|archive|library) (?:photo|image|picture)|(?:symbol|archiv|beispiel)(?:bild|foto)"
    r"|(?:photo|image) d'(?:illustration|archives?)|(?:foto|imagen)(?: de)? (?:archivo|referencia|ilustrativa)"
    r"|(?:foto|immagine) (?:d'archivio|di repertorio)|(?:foto|imagem) (?:de arquivo|ilustrativa"
    r"|meramente ilustrativa)"
    r"|archief(?:foto|beeld)|illustratieve foto|(?:crédits?|credits?) photos? ?: ?\S.{0,80}"
    r"|(?:photo|picture|image|foto) (?:by|von|de|di|door|par) [^,.]{3,40}/.{2,40}"
)
