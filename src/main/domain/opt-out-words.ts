/**
 * What people write when they want no more texts. Data only: `opt-out.ts` reads it, and a new wording is one more line.
 *
 * Everything is compared in plain form: lower case, without accents, apostrophes and emoji ("Don't!" is `dont`). In
 * phrases
 * - `a|b` is either, `word?` may be absent, `word*` is any word that begins so,
 * - `{name}` is one of a class below, `..` is up to three words of the same sentence,
 * - `<` and `>` are the begin and the end of a sentence, `!a|b` is a word that must not follow.
 */

/** Words that count as the whole message; an operator may change them. */
export interface IntentWords {
  readonly stop: readonly string[]
  readonly start: readonly string[]
  readonly help: readonly string[]
}

/** The words of 47 CFR 64.1200(a)(10) and those that carriers and gateways act on by default. */
export const DEFAULT_WORDS: IntentWords = {
  stop: [
    ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'UNSUB', 'END', 'QUIT', 'CANCEL', 'REVOKE'],
    ...['OPT OUT', 'OPTOUT', 'OPT-OUT', 'REMOVE', 'ARRET', 'BAJA', 'ALTO', 'PARAR'],
  ],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
}

/** Words that mean an opt-out even beside others; the rest ("end", "cancel") have other uses. */
export const STRONG_WORDS: readonly string[] = ['stop', 'stopall', 'unsubscribe', 'unsub', 'optout', 'opt out', 'arret']

/** What people add to one of the words without changing it. */
export const COURTESY: readonly string[] = [
  ...['please', 'pls', 'plz', 'plse', 'pleas', 'kindly', 'thanks', 'thank', 'you', 'thx', 'thnx', 'ty', 'tks', 'tq'],
  ...['ok', 'okay', 'k', 'hi', 'hey', 'hello', 'sir', 'maam', 'dear', 'sorry', 'no', 'now', 'already', 'immediately'],
  ...['asap', 'just', 'again', 'right', 'away', 'forever', 'permanently', 'today', 'and', 'yes', 'yeah', 'guys'],
  ...['por', 'favor', 'gracias', 'ya', 'merci', 'svp', 'stp', 'sil', 'vous', 'plait', 'te', 'bitte', 'danke', 'sofort'],
  ...['obrigado', 'obrigada', 'per', 'favore', 'grazie', 'subito', 'god', 'bless', 'have', 'a', 'good', 'nice', 'day'],
]

/** Whole messages, beside the words above, that can mean nothing else. */
export const WHOLE_STOP: readonly string[] = [
  ...['stopp', 'stop sms', 'stop text', 'stop texts', 'stop txt', 'stop txts', 'stop msg', 'stop msgs', 'stop messages'],
  ...['stop message', 'stop alerts', 'stop promo', 'stop promos', 'stop ads', 'stop pub', 'stop spam', 'st0p'],
  ...['unsubscribe all', 'unsubscribe me', 'opt me out', 'opt out all', 'end all', 'cancel all', 'remove me', 'delete me'],
  ...['no more', 'no more texts', 'no text', 'no texts', 'no sms', 'do not text', 'dont text', 'do not contact'],
  ...['no mas mensajes', 'no mas', 'no mas textos', 'darse de baja', 'cancelar suscripcion', 'darme de baja'],
  ...['desabonner', 'desabonnement', 'desinscrire', 'desinscription', 'se desabonner', 'plus de sms'],
  ...['abmelden', 'abmeldung', 'abbestellen', 'austragen', 'keine sms', 'keine werbung', 'keine sms mehr'],
  ...['descadastrar', 'cancelar inscricao', 'sair da lista', 'disiscrivimi', 'disiscrizione', 'cancellami'],
]

/** Whole messages that probably mean it. */
export const WHOLE_LIKELY: readonly string[] = [
  ...['enough', 'enough already', 'stop it', 'stop that', 'stop this', 'stop him', 'out', 'leave', 'exit', 'delete'],
  ...['block', 'blocked', 'spam', 'scam', 'nope stop', 'wrong', 'no stop', 'halt', 'cease', 'desist', 'sto', 'unsubscribed'],
  ...['cancelar', 'basta', 'ya basta', 'detener', 'salir', 'fuera', 'arretez', 'arreter', 'arrete', 'ca suffit', 'assez'],
  ...['aufhoren', 'aufhoeren', 'ende', 'schluss', 'loschen', 'loeschen', 'pare', 'parem', 'sair', 'remover', 'chega'],
  ...['ferma', 'fermati', 'smettila', 'smettetela', 'cancella', 'cancellare', 'annulla'],
]

/** Signs that say it without a word. */
export const LIKELY_SIGNS: readonly string[] = ['🛑', '✋', '🖕', '🚫', '⛔', '🙅', '🤬', '😡']

/** One word that several phrases use. Alternatives as in phrases. */
export const CLASSES: Readonly<Record<string, string>> = {
  not: 'dont|do not|never|pls dont|doesnt|shouldnt|should not|must not|mustnt|cannot|cant|no need to',
  negative: 'dont|not|never|cant|cannot|couldnt|wont|wouldnt|didnt|doesnt|isnt|aint|hasnt|shouldnt|wasnt',
  texting: 'text|texting|txt|txting|texts|messaging|msging|messages|contacting|spamming|bothering|harassing|bugging|pestering|annoying|writing|disturbing|emailing|blowing',
  contact: 'text|txt|message|msg|contact|bother|spam|harass|disturb|write|sms|email|reach',
  me: 'me|us|here|back|again|anymore|ever|my number|my phone|this number|this phone|this line|him|her|this person|this|my cell|my mobile',
  messages: 'text|texts|txt|txts|message|messages|msg|msgs|sms|spam|texting|messaging|alerts|alert|notification|notifications|promo|promos|promotion|promotions|promotional|ads|advertising|advertisements|marketing|communication|communications|solicitation|solicitations|reminders|updates|contact|offers|bs|crap|garbage|nonsense',
  number: 'number|numbers|phone|cell|name|contact|info|information|details|data|digits|mobile|line',
  off: 'list|lists|database|contacts|contact|mailing|distribution|roster|system|file|files|subscription|service|group|thread|campaign|text|texts|phone',
  want: 'want|wanna|wish|like|need|care|desire|ask|asked',
  mensajes: 'mensaje|mensajes|sms|textos|texto|publicidad|promociones|notificaciones|correos|msj|msjs|ofertas',
  nachrichten: 'sms|nachricht|nachrichten|werbung|werbesms|werbenachrichten|mitteilungen|angebote|infos|texte',
}

/**
 * Uses of the words that are no opt-out. They are taken out before anything else is looked for, so a real one in the
 * same text still counts.
 */
export const HARMLESS: readonly string[] = [
  '{negative} ever? stop {texting}? {me}?',
  '{negative} want|wanting|need|going|gonna|asking|planning|like you|u|to|this|it? to? ever? stop {texting}? {me}?',
  '{negative} let ..  stop',
  '{negative} said|say|meant|mean|asked|ask|want|wish|need|going|planning|trying|like to? unsubscribe|stop|opt|cancel out?',
  '{negative} unsubscribe|remove|delete|cancel|unsub me?',
  '{negative} opt|take me? out|off',
  'bus|train|metro|subway|tram|tube|pit|truck|full|tab|rest|one|next|last|first|second|quick|short|non|whistle|door|every|each|final|only|lunch|gas|coffee|another|my|our|your|the|a stop !texting|messaging|sending|contacting|messages|texts|sms|the|these|bothering',
  'stop by|in|off|over|light|lights|sign|signs|watch|gap|loss|motion|street',
  'stop at|for|and !once|good|now|all',
  'stop texting and|while driv*',
  'did|have|had|why|when|why_did you|u|they|it|he|she|we stop',
  'does|do|will|would|did|until|till|when the|this|that|it|your|sale|offer|promo|bus|rain|train .. stop',
  'first|until|before i|we|you|they|it|he|she stop',
  'reply|replying|text|texting|txt|send|sending|respond|answer|type|say|saying|write stop|end|quit|cancel|unsubscribe to|2 opt|end|stop|unsubscribe|cancel|quit|leave|be|unsub out?',
  'cancel|reschedule|remove|end|quit my|the|our|your appointment|reservation|booking|order|meeting|item|table|delivery|job|smoking',
]

/** Wordings that are honoured at once. */
export const CERTAIN: readonly string[] = [
  // English: stop ...
  'stop {texting} !and|while',
  'stop sending|sendin|sending_me|send me|us|these|this|them|texts|text|messages|message|msgs|sms|spam|stuff|crap|it|any|more|your|the|everyone|ads|promo*|all|junk|this|that|anything|so',
  'stop contact|contacts|contact_ing|calling|call|calls|messing {me}|me|and|or',
  'stop with? the|these|this|your|all|any|those|ur|my|sending? .. {messages}',
  'stop {messages}',
  'stop receiving|getting|recieving',
  'pls|please|plz|kindly|just|plse|pleas stop >',
  '< stop please|pls|plz|now|immediately|already|asap|today >',
  'said|asked|told|texted|replied|wrote|sent|typed|answered|saying|telling you|u|to|already|guys|them|the_word|back? to? stop',
  'want|need|like|asking|request|demand you|u|this|these|it|them|yall|ya|the|all .. to stop',
  'want|need|like|wish to stop receiving|getting|these|the|this|all|your',
  'stop or|before i|else|ill|im|we|you',
  'quit|cease|halt|discontinue|terminate {texting} {me}?',
  'quit|cease|halt|discontinue|terminate sending|contacting|calling|all|these|this|any|with|the .. {messages}|me',
  'cease and|or desist',
  // do not ...
  '{not} ever? {contact} {me} !at|before|after|while|until|till|during|on|between|tonight|today|tomorrow|so|yet|if|unless|when|about|because|late|early|in|now',
  '{not} ever? call|contact|text|message or|and|nor text|call|message|contact|email',
  '{not} ever? send|sending me|us|any|more|these|this|texts|messages|anything|sms|spam|stuff|them|ads|another|it .. {messages}|anymore|again|more|stuff|anything|this|these',
  '{not} send|text|contact|message|write me?  any? more|again|anymore|anything',
  'no|any more|further|future|additional {messages} >',
  'no more|further {messages}',
  'nor|not to {contact} me|us',
  'never|not {contact} me|us|this again|anymore',
  // unsubscribe, opt out
  'unsubscribe|unsub me|us|please|pls|this|my|from|now|asap|thanks|immediately',
  'please|pls|plz|kindly|id|wanna|wants|unsubscribing|i|just unsubscribe|unsub',
  '{want} to? unsubscribe|unsub|be_unsubscribed',
  'to|be|get unsubscribed',
  'opt me|us|my|this .. out',
  'please|pls|plz|i|id|ill|kindly|hereby|am|im opt|opting|opted out',
  '{want}|wants|choose|chose|chosen|elect|am to? opt|opting out',
  'opt|opting out please|of|from|me|now|pls|immediately',
  // take me off, remove me, lose my number
  'take|get|strike|cross|scratch|wipe me|us|my|this|our {number}? off|out|from',
  'take me|us|my {number}? off',
  'remove|delete|erase|scrub|drop|purge|clear|removing|discard|unlist me|us|my|our|this !order|item|appointment {number}? from|off|out|please|pls|immediately|now|asap|off|thanks|at_once|as|>',
  'remove|delete|erase|scrub|purge|forget|lose|loose|burn|trash|discard my|this|our|the {number}',
  'please|pls|plz|kindly|want|wish|like|need|asked to? be? remove|removed|delete|deleted me|us|my|this|from|off|>',
  'off|from|out of? your|this|the|ur|that|these|all|any .. list|lists|database',
  'remove|take|get from|off|me .. list|lists',
  'put|place|add me|us|my|this .. on|to .. do not|dont',
  '{want} to be|come off|removed|taken|deleted|out',
  // be left alone, not want them
  'leave|leaving me|us alone|be|tf',
  '{not}|no|not longer? {want}|wishing to? receive|get|recieve|receiving|have|see|be|read|hear .. {messages}|from|texted|contacted|messaged|spammed',
  '{not}|no|not longer? {want} any|your|these|this|those|more|ur|the|further .. {messages}',
  'dont|not|didnt {want} {messages}',
  '{not}|no longer? {want} {messages}',
  'no longer want|wish|like|care|interested to|in? receive|receiving|get|getting|be|these|your|hear|hearing|this|them',
  'revoke|revoking|withdraw|withdrawing|rescind|rescinding|retract my|any|all|this|prior? .. consent|permission|authorization',
  'not|no|dont have|gave|give|given|consent|permission .. to {contact}|contact|send',
  'cancel|end|turn|shut|cut these|the|this|all|your|my|any|off|out .. {messages} !plan|appointment',
  'consent|permission is|has revoked|withdrawn|been',
  // Spanish
  'no me? envi*|mand*|escrib*|contact*|molest*|textee* mas|nada|nunca|{mensajes}',
  'no me|nos envi*|mand*|escrib*|contact*|molest*|textee*',
  'no vuelv* a .. escrib*|envi*|mand*|contact*|molest*|llamar*',
  'dej*|par*|ces* ya? de envi*|mand*|escrib*|molest*|contact*|llamar*|textear*|spam*|acosar*',
  'dejenme|dejeme|dejame en paz|tranquil*',
  'no|sin|ni mas {mensajes}',
  'no quiero|deseo|quisiera mas? recib*|mas|sus|tus|estos|saber|que|{mensajes} .. {mensajes}|nada|escriban|contacten|>',
  'no quiero|deseo mas? {mensajes}',
  'dar|darme|darse|deme|denme|dame|darnos|dan de baja',
  'quit*|sac*|elimin*|borr*|remuev*|retir* me? de la|su|esta|tu|sus .. lista|listas|base',
  'quitenme|quiteme|quitame|saquenme|saqueme|sacame|eliminenme|eliminame|elimineme|borrenme|borrame|borreme|remuevanme',
  'borr*|elimin*|quit*|olvid* mi|este numero|telefono|contacto',
  'cancel* mi|la|esta|tu suscripcion',
  'suspend*|detener|detengan|pare|paren|parar los|las|sus|estos|de .. {mensajes}',
  // French
  'arret*|cess* de me? menvoyer|mecrire|menvoyez|envoyer|ecrire|contacter|mecontacter|harceler|spammer|deranger|mappeler|solliciter|texter|menvoyer',
  'arret*|cess*|stop ces|vos|les|aux|la|avec|a .. messages|sms|textos|pub|publicites|envois|harcelement',
  'ne me|nous|mecrivez|menvoyez|mecris|menvoie contactez|contacte|ecrivez|envoyez|texte|textez|derangez|appelez|ecris|plus|sollicitez .. plus|pas|rien|de|jamais',
  'ne mecrivez|menvoyez|mecris|menvoie|mappelez plus|pas',
  'plus|aucun|pas de? autre|autres|messages|sms|textos|message|pub .. merci|svp|>',
  'desabonn*|desinscri*|desinscr* moi|me|mon|numero|sil|svp|merci|>',
  'me|veux|voudrais|souhaite|je me? desabonn*|desinscri*',
  'retir*|supprim*|enlev*|ot*|effac*|ray* moi|mon|mes|ce .. liste|listes|numero|contact|contacts|coordonnees|fichier|fichiers',
  'retirez|supprimez|enlevez|otez|rayez moi',
  'laiss* moi tranquille|en',
  'ne veux|souhaite|desire|voulons|souhaitons plus|pas|aucun recevoir|de|vos|etre|messages|sms .. messages|sms|textos|pub|publicites|contacte*|solicite*|sollicite*|rien',
  'ne veux|souhaite|desire plus|pas recevoir|etre',
  // German
  'keine|keinerlei|nie|nichts weitere*? {nachrichten}|mehr mehr|schicken|senden|bitte|zusenden|>',
  'keine weitere*? {nachrichten} mehr|schicken|senden|bekommen|erhalten|von|zusenden',
  'hor*|hoer* sie|endlich|bitte|mal? auf',
  'meld*|trag* sie|mich|bitte? mich? .. ab|aus >',
  'mich|bitte|sofort|uns abmelden|austragen|abbestellen|loschen|loeschen|entfernen|streichen',
  'losch*|loesch*|entfern*|streich* sie? bitte? mich|meine|diese|uns .. >',
  'nummer|daten|kontakt loschen|loeschen|entfernen|streichen',
  'nimm|nehmt|nehmen|streich*|entfern* sie? mich|uns|meine .. von|aus .. liste|verteiler|datenbank',
  'schreib*|kontaktier*|schick*|send*|text* sie? mir|mich|uns .. nicht|nichts|nie|keine mehr|weiter|wieder|{nachrichten}',
  'kontaktier*|schreib*|belastig*|belaestig* sie? mich|mir|uns nicht|nie',
  'nicht mehr schreiben|kontaktieren|anschreiben|kontaktiert|angeschrieben|belastigen',
  'lass*|lassen sie? mich|uns .. ruhe',
  'will|mochte|moechte|wunsche|wuensche|wollen .. keine|nichts|nicht .. mehr|{nachrichten}|erhalten|bekommen',
  // Portuguese
  'pare|parem|para|deixe|deixem|deixa de me? enviar|mandar|escrever|mandarem|enviarem|ligar|incomodar|contatar|contactar|mensagens|perturbar|spam',
  'nao me? envi*|mand*|escrev*|contat*|contact*|incomod*|perturb* mais|nada|mensagens|mensagem|sms',
  'nao me envi*|mand*|escrev*|contat*|contact*|incomod*|perturb*',
  'nao quero|desejo|queremos mais? receber|mensagens|suas|essas|estas|mais|sms|propaganda',
  'me tira|tire|tirem|remova|remove|removam|retire|retirem|exclua|excluam|exclui da|desta|dessa|de|do',
  'remov*|apag*|exclu*|delet*|tir*|retir* o? meu|este|esse numero|contato|contacto|nome|telefone|cadastro',
  'descadastr*|desinscrev*',
  'cancel* a|minha|essa|esta inscricao|assinatura',
  'sair|saia|remover da|desta|dessa lista',
  'chega|basta|sem mais? de|mensagens .. mensagens|mensagem|sms',
  'deixe|deixem|deixa me? em paz',
  // Italian
  'smett* di? scriv*|mand*|invi*|contatt*|messagg*|disturb*|tempest*|romp*',
  'non mi? scriv*|mand*|invi*|contatt*|disturb* piu|mai|altri|nulla|niente|messaggi|sms',
  'non scrivetemi|mandatemi|inviatemi|contattatemi|contattarmi|scrivermi|mandarmi|inviarmi|disturbatemi',
  'non voglio|desidero|vogliamo piu? ricev*|messaggi|sms|essere|altri|vostri|i|sentirvi',
  'cancellatemi|cancellami|toglietemi|toglimi|rimuovetemi|rimuovimi|eliminatemi|disiscrivetemi|disiscrivimi|disiscrivermi|disiscrivere|cancellarmi',
  'cancell*|elimin*|toglie*|rimuov*|togli il|questo mio? numero|contatto',
  'basta|niente|stop|fermate con? i|gli|questi|piu? .. messaggi|sms|pubblicita|messaggini',
  'lasciatemi|lasciami in|stare pace|>',
]

/** Wordings that hold back further texts until a person has looked. */
export const LIKELY: readonly string[] = [
  'how|where|can|way|help|need|trying|tried|want .. stop|unsubscribe|unsub|optout|cancel this|these|the|it|all|messages|texts|getting|receiving|>',
  'how|where|can|way|help|trying|tried .. opt|get|be out|off|removed',
  'unsubscribe|unsub|optout',
  'opt|opting|opted out',
  'please|pls|plz|kindly|just|gotta|must|should|really|better|ya|yall|u|you stop',
  'you|u|yall|ya|someone need|needs|have|better to? stop',
  'can|could|will|would you|u|yall|ya please? stop|quit',
  'make it|this|them stop',
  'stop it|this|that|already|now|immediately|pls|please|asap',
  'stop calling|sending|call|callin',
  'cancel|end my|this|the|our subscription|membership|service|account',
  '{not} ever? {contact} me|us|this',
  '{not} ever? call|ring {me}|me',
  'do not call|disturb|contact list|registry|>',
  'remove|delete|forget|unlist me|us',
  'get|take me|us out|off',
  'wrong number|person|numer|nmbr|guy|girl|contact|party|man|woman|phone',
  'got|have|has|get|dialed|texted the? wrong',
  'not|isnt|aint|no my|her|his|their|the|longer right? number|phone|owner',
  'no|not longer his|her|their|my|using|have|has|at|owns|with .. number|phone|>',
  'no|not|isnt|aint one|body|nobody|person|somebody by|named|with .. name',
  'nobody|noone|no_one|never here|by|named|heard .. name|here|of',
  'doesnt|dont|do|does not? have|own|use this|that number|phone .. anymore|any',
  'dont|do|not know you|who|any|anyone|u .. name|named|are|is|stop',
  'passed away',
  'is|has|was|she|he|died|now deceased|dead|died|passed',
  '< deceased',
  'not|no|zero|never|longer interested|intrested|interest|interesed|intersted',
  'uninterested',
  'never|not|didnt|did signed|sign|agreed|agree|consented|consent|subscribed|subscribe|gave|give|asked|ask|requested|opted up|to|for|in|you|my|permission .. ',
  'already unsubscribed|said|told|asked|texted|replied|opted .. stop|no|times|out|you|this',
  'i|have unsubscribed',
  'still|keep|keeps|continue|why texting|getting|receiving|sending|messaging|spamming|are|am|do .. me|these|texts|messages|you|texting',
  'too|so many|much texts|messages|msgs|sms|texting|spam',
  'sick|tired|fed|enough|had of|up|with|it .. {messages}|you|this',
  'enough of|with .. {messages}',
  'harass*',
  'blocking|block|blocked|report|reporting|reported|complain|complaint you|u|this|ur|your|it|the|to|as|filed .. ',
  'will|gonna|going|am|im|have|going_to|ill to? be? block|report|blocking|reporting|sue|sueing|suing|complain|blocked|reported',
  'lawsuit|lawyer|attorney|tcpa|fcc|ftc|ofcom|gdpr|illegal|illegally|cnil|ico',
  'this|its|is|such|more|just|pure|total|stupid|your a? spam|scam|junk|spammer|spamming',
  'spam|spammers|spammer|junk >',
  'get lost|bent|stuffed|out',
  'go away|to_hell|f|fuck|screw|to .. yourself|hell|>',
  'go away',
  'f|fuck|fck|fk|piss|eff|buzz|bugger|sod|screw|bug|back off|you|u|yourself|yall',
  'shut up|it',
  'quit|cease|desist it|this|that|now|please|pls|already|>',
  '< quit|cease|desist',
  'annoying|bothersome|unwanted|unsolicited|intrusive',
  '{not}|no bother|waste|longer|appreciate .. me|time|customer|client|member|texts|messages',
  'no|not longer a|your|in|interested|need .. customer|client|member|service|services|market|business',
  'dont want|need|like it|this|these|them|your|ur|any|anything|nothing|you .. ',
  'lose|loose my|this',
  'no more|texts|text|sms|messages please|pls|thanks|thank|plz|of|>',
  'take|remove|delete|drop .. off|from .. list|lists',
  // Spanish
  'numero|telefono|persona equivocad*|incorrect*',
  'equivoc* de numero|telefono|persona',
  'no me? interes*|estoy|estamos|tengo .. interes*|>',
  'no me interesa',
  'no soy|conozco .. ',
  'quien|como obtuv*|consigu*|dio .. numero',
  'basta|parar|alto|cancelar|baja|paren ya|por|de|los|esto|favor|mensajes .. ',
  'no molest*|fastid*|jod* .. ',
  // French
  'mauvais|faux|erreur|trompez|trompe de? numero|personne|destinataire',
  'pas|plus|aucun|non interesse*|interet|interessee',
  'fich*|fout* moi|nous la|le|tranquille paix|camp|>',
  'arretez|arret|arreter|arrete stp|svp|maintenant|merci|ca|tout|sil',
  'comment me|se|faire|puis .. desabonn*|desinscri*|arret*|stop*',
  // German
  'falsche|falscher|verkehrte nummer|anschluss|person|empfanger',
  'kein|nicht|null|keinerlei interesse|interessiert',
  'genug|schluss|ende mit|jetzt|damit|davon|von .. ',
  'wie .. abmelden|abbestellen|stoppen|austragen',
  'abmelden|abbestellen|austragen|stopp',
  'nervt|nerven|belastigung|belaestigung',
  // Portuguese
  'numero|pessoa errad*',
  'nao tenho|ha|me|estou interesse|interessa|interessad*',
  'foi|e|deve um? engano|enganado',
  'como faco|posso|paro .. sair|cancelar|parar|receber',
  // Italian
  'numero|persona sbagliat*',
  'sbagliat* numero|persona',
  'non mi|sono|ho|siamo interess*',
  'come .. disiscriv*|cancell*|fermo|smettere',
  'basta grazie|per|cosi|adesso',
]
