/**
 * The words that people answer with. Data only: `opt-out.ts` reads it. Everything is compared in plain form: lower case,
 * without accents, apostrophes, punctuation and emoji.
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

/** Words that the law names (47 CFR 64.1200(a)(10)), in plain form: nobody can switch them off. */
export const LAW_WORDS: readonly string[] = [
  ...['stop', 'stop all', 'unsubscribe', 'end', 'quit', 'cancel', 'revoke', 'opt out'],
]

/** A word or phrase of an operator, beside the built-in ones. */
export interface OwnWord {
  readonly phrase: string
  /** `stop`: an opt-out at once. `review`: held, for a person to decide. `ignore`: no opt-out, though it is built in. */
  readonly act: 'stop' | 'review' | 'ignore'
  /** `whole`: only as the whole message. `within`: anywhere in it, as whole words. */
  readonly place: 'whole' | 'within'
}

/** Of the words above and of what an operator adds, those that mean little else, also beside other words. */
export const STRONG_WORDS: readonly string[] = [
  ...['stop', 'stopp', 'stopall', 'stop all', 'unsubscribe', 'unsub', 'optout', 'opt out', 'arret'],
]

/** What people add to a word without changing it. */
export const COURTESY: readonly string[] = [
  ...['please', 'pls', 'plz', 'plse', 'kindly', 'thanks', 'thank', 'you', 'thx', 'thnx', 'ty', 'tks', 'ok', 'okay'],
  ...['hi', 'hey', 'hello', 'sir', 'maam', 'dear', 'sorry', 'now', 'already', 'immediately', 'asap', 'just', 'again'],
  ...['right', 'away', 'forever', 'permanently', 'today', 'and', 'guys', 'god', 'bless'],
  ...['por', 'favor', 'gracias', 'ya', 'merci', 'svp', 'sil', 'vous', 'te', 'plait', 'bitte', 'danke', 'sofort'],
  ...['obrigado', 'obrigada', 'per', 'favore', 'grazie', 'subito'],
]

/** Whole messages, beside the words above, that can mean nothing else. */
export const WHOLE_STOP: readonly string[] = [
  ...['stopp', 'stop sms', 'stop msg', 'stop msgs', 'stop promo', 'stop promos', 'stop ads', 'stop pub', 'st0p'],
  ...[
    'no more',
    'no text',
    'no texts',
    'no texting',
    'no messages',
    'no sms',
    'no stop',
    'yes stop',
    'dont text',
    'do not text',
    'do not contact',
    'dont contact',
    'no contact',
  ],
  ...['no mas', 'no mas mensajes', 'darme de baja', 'cancelar suscripcion'],
  ...['desabonner', 'desabonnement', 'desinscrire', 'desinscription', 'plus de sms'],
  ...['abmelden', 'abmeldung', 'abbestellen', 'austragen', 'stoppen', 'keine sms', 'keine werbung'],
  ...['descadastrar', 'cancelar inscricao', 'disiscrivimi', 'disiscrizione', 'cancellami'],
  ...['afmelden', 'afmelding', 'uitschrijven', 'uitschrijving', 'geen sms', 'geen berichten'],
  ...['wypisz', 'wypisz mnie', 'rezygnuję', 'rezygnacja', 'wypisać'],
  ...['стоп', 'отписаться', 'отписка', 'отпишите', 'отпиши', 'отключить', 'отказ'],
  ...['dur', 'durdur', 'iptal', 'çık', 'ret', 'red', 'listeden çık', 'abonelikten çık'],
  ...['退订', '退訂', 'td', '停止', '取消订阅', '取消訂閱', '配信停止', '解除', '수신거부', '중지', '그만', '정지'],
  ...['توقف', 'إيقاف', 'ايقاف', 'قف', 'الغاء', 'الغاء الاشتراك', 'إلغاء الاشتراك'],
  ...['ngừng', 'hủy', 'huỷ', 'hủy đăng ký', 'từ chối', 'dừng lại'],
  ...['tigil', 'itigil', 'ihinto', 'hinto', 'tigilan'],
]

/** Whole messages that probably mean it. */
export const WHOLE_LIKELY: readonly string[] = [
  ...[
    'enough',
    'enough already',
    'stop it',
    'stop that',
    'stop this',
    'out',
    'leave',
    'exit',
    'delete',
    'halt',
    'cease',
  ],
  ...[
    'block',
    'blocked',
    'spam',
    'scam',
    'wrong',
    'unsubscribed',
    'never again',
    'no thanks stop',
    'off',
    'end this',
    'i want out',
    'discontinue',
    'stfu',
    'gtfo',
    'unfollow',
    'mute',
  ],
  ...['cancelar', 'basta', 'detener', 'salir', 'fuera', 'eliminar'],
  ...['arreter', 'arretez', 'arrete', 'ca suffit', 'assez'],
  ...['aufhoren', 'aufhoeren', 'ende', 'schluss', 'loschen', 'loeschen'],
  ...['pare', 'parem', 'sair', 'remover', 'chega'],
  ...['ophouden', 'genoeg', 'koniec', 'dość'],
  ...['хватит', 'прекратите', 'отмена', 'отстаньте', 'достали', 'yeter', 'kes'],
  ...['停', '退', '退出', '取消', 'やめて', 'やめてください', '거부', '해지', '탈퇴', 'كفى', 'خلاص', 'كفاية'],
  ...['thôi', 'thoát', 'tama na'],
  ...['ferma', 'fermati', 'smettila', 'smettetela', 'cancella', 'cancellare', 'annulla'],
]

/**
 * Whole messages whose accents matter, in lower case: folded, "dừng" (stop) and "đúng" (right) would be the same word.
 */
export const ACCENTED: Readonly<Record<string, 'stop' | 'stop_likely' | 'none'>> = {
  dừng: 'stop',
  dung: 'stop_likely',
  đúng: 'none',
  dùng: 'none',
}

/** Signs that say it without a word. */
export const LIKELY_SIGNS: readonly string[] = ['🛑', '✋', '🖕', '🚫', '⛔', '🙅']

/** Near to "stop", but words of their own. */
export const NOT_MISTYPED: readonly string[] = ['top', 'shop', 'step', 'stow', 'slop', 'sop', 'stoop', 'stomp', 'strop']

/** Beside these a "Stop!" is an exclamation more often than a wish. */
export const LAUGHTER: readonly string[] = [
  'haha',
  'hahaha',
  'hahah',
  'ha',
  'lol',
  'lmao',
  'hehe',
  'jaja',
  'mdr',
  'rofl',
]

/** Verbs of an instruction such as "Reply STOP to opt out". */
export const INSTRUCTING: readonly string[] = [
  ...['reply', 'text', 'txt', 'send', 'respond', 'answer', 'type', 'responda', 'responde', 'envia', 'envie', 'manda'],
  ...['repondez', 'reponds', 'envoyez', 'envoie', 'tapez', 'antworte', 'antworten', 'sende', 'senden', 'schreibe'],
  ...['rispondi', 'invia', 'scrivi', 'digite'],
]
