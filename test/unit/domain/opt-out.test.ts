import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Intent, readIntent } from '../../../src/main/domain/opt-out.ts'
import { DEFAULT_WORDS } from '../../../src/main/domain/opt-out-words.ts'
import { CERTAIN, LIKELY, OTHER } from './opt-out-texts.ts'

const CAMPAIGN = 'Hi Anna, our spring sale starts on Monday with 20% off everything. Reply STOP to opt out.'
const read = (body: string) => readIntent(body, { campaignBodies: [CAMPAIGN] }).intent

function table(intent: Intent, texts: readonly string[]) {
  it.each(texts.map(text => [text]))(`${intent}: %s`, text => expect(read(text)).toBe(intent))
}

describe('the words as the whole message', () => {
  table('stop', [
    ...DEFAULT_WORDS.stop,
    ...[
      'stop',
      'Stop.',
      ' STOP ',
      'stop!!!',
      '"STOP"',
      'S T O P',
      's.t.o.p',
      'Stop 🛑',
      '🙏 stop',
      'STOOOOP',
      'stop\n',
    ],
    ...[
      'Stop All',
      'Opt out',
      'opt-out.',
      'Arrêt',
      'ARRÊT!',
      'Ｓｔｏｐ',
      'stop stop stop',
      'stop, please',
      'Please STOP',
    ],
    ...['pls stop', 'stop now', 'STOP thank you', 'Stop immediately please', 'ok stop', 'Stopp', 'unsubscribe pls'],
    ...['Stop\n\nSent from my iPhone', 'STOP\n--\nAnna Miller', 'stop sms', 'No mas', 'Abmelden', 'stop merci'],
  ])
  table('start', ['START', 'start', 'Start.', 'Yes', 'yes!', 'UNSTOP', 'start please', 'unstop thanks'])
  table('help', ['HELP', 'help', 'Help!', 'info', 'INFO?', 'help please'])
  table('stop_likely', [
    'cancel please',
    'Remove, thanks',
    'stp',
    'sotp',
    'Atop',
    'Stop it!',
    'basta',
    'Enough',
    '🛑',
    '🖕🖕',
  ])
  table('none', ['yes please', 'Yes I will come', 'the end', 'top', 'shop', 'ok', '👍', '', '   ', '?', '12', 'no'])
})

describe('other wordings of an opt-out', () => {
  table('stop', [
    'please stop texting me',
    'how do I unsubscribe?',
    'How do I opt out',
    'how can i stop getting these',
    'Stop texting me!!',
    'STOP TEXTING ME',
    'stop messaging this number',
    'Can you stop texting me',
    "I'd appreciate it if you would stop contacting me",
    'Take me off this list',
    'please take me off your list',
    'Take my number off your list please',
    'take this number off ur list',
    'lose my number',
    'Lose my number!',
    'do not contact me again',
    "Don't text me",
    'Dont text me anymore',
    'DO NOT TEXT THIS NUMBER',
    'never text me again',
    "Please don't send me any more messages",
    'do not message me',
    'Unsubscribe me',
    'please unsubscribe',
    'I want to unsubscribe',
    'Unsubscribe me from this list now',
    'unsuscribe me please',
    'unsubcribe',
    'Opt me out',
    'I would like to opt out',
    'I wish to opt out of these messages',
    'Remove me',
    'Please remove me from your list.',
    'remove my number from your system',
    'Remove this number',
    'delete my number',
    'Please delete my contact info',
    'forget my number please',
    'leave me alone',
    'Leave me alone or I call the police',
    'no more texts please',
    'No more messages!',
    'I no longer wish to receive these messages',
    "I don't want any more texts",
    'i dont want to receive your messages anymore',
    "I don't want to hear from you",
    'I do not wish to be contacted',
    'quit texting me',
    'Cease and desist',
    'Cease all communication',
    'STOP. I am not interested',
    'Who is this? Stop texting me.',
    'STOP! How many times do I have to say it',
    'I said stop',
    'I already told you to stop',
    'I asked you to stop texting',
    'I have moved away and do not shop there any more, so please stop',
    'I revoke my consent',
    'You do not have my permission to text me',
    'Put me on your do not call list',
    'stop sending me this stuff',
    'Stop sending messages',
    'stop with the texts',
    'Stop these messages!',
    'stop all messages',
    'Plz stop spamming me',
    'Stop or I will report you',
    'end these texts',
    'I want these messages to stop',
    'take me off',
    'Scratch me off your list',
    'cancel these messages',
    'stop harassing me you creeps',
    'Yo stop texting my phone bro',
    "this is my work phone, don't contact me here",
  ])
  table('stop_likely', [
    'wrong number',
    'You have the wrong number',
    'Sorry wrong person',
    'This is not his number anymore',
    'This is no longer her number',
    'There is no one here by that name',
    "I don't know anyone named Anna",
    'My husband passed away in March',
    'She is deceased',
    'not interested',
    'Not interested, thanks',
    "I'm not interested in this",
    'No interest at all',
    'I never signed up for this',
    'why are you texting me',
    'too many texts',
    'sick of these messages',
    'this is spam',
    'This is harassment',
    'I will report you',
    'I am blocking this number',
    'fuck off',
    'F off',
    'go away',
    'You need to stop',
    'Will you stop',
    'cancel my subscription',
    "Don't text me at work",
    "don't text me so late",
    'do not call me',
    'Stop! haha you are funny. See you on Monday',
    'stop John',
    'I already unsubscribed',
    'Reported to the FCC',
    'STOP to opt out',
  ])
})

describe('in other languages', () => {
  table('stop', [
    'No me envíen más mensajes',
    'por favor no me escriban más',
    'Dejen de enviarme mensajes',
    'deje de molestarme',
    'Déjenme en paz',
    'No quiero más mensajes',
    'No quiero recibir publicidad',
    'quiero darme de baja',
    'Denme de baja por favor',
    'Bórrenme de su lista',
    'Sáquenme de la lista',
    'borre mi número',
    'Arrêtez de m’envoyer des messages',
    'arrêtez de m’écrire svp',
    'Ne me contactez plus',
    "Merci de ne plus m'envoyer de SMS, ne m'écrivez plus",
    'Je ne veux plus recevoir vos messages',
    'Désabonnez-moi',
    'je souhaite me désabonner',
    'Retirez-moi de votre liste',
    'supprimez mon numéro',
    'Laissez-moi tranquille',
    'Plus de SMS svp',
    'Bitte keine SMS mehr',
    'Keine Nachrichten mehr bitte',
    'Schreiben Sie mir nicht mehr',
    'Hören Sie auf!',
    'Löschen Sie meine Nummer',
    'Bitte löscht meine Nummer',
    'Lassen Sie mich in Ruhe',
    'Nehmen Sie mich von der Liste',
    'Ich möchte keine Nachrichten mehr erhalten',
    'Ich will mich abmelden',
    'Pare de me enviar mensagens',
    'Não me mande mais mensagens',
    'Não quero receber mensagens',
    'me tira dessa lista',
    'Remova meu número',
    'Me deixem em paz',
    'Smettetela di scrivermi',
    'Non scrivetemi più',
    'Non voglio più ricevere messaggi',
    'Cancellate il mio numero',
    'Toglietemi dalla lista',
    'basta messaggi',
    'Wie kann ich mich abmelden?',
    'comment se désabonner',
    'Lasciatemi in pace',
  ])
  table('stop_likely', [
    'Número equivocado',
    'no me interesa',
    'Vous vous trompez de numéro',
    'Pas intéressé',
    'Falsche Nummer',
    'Kein Interesse',
    'Número errado',
    'não tenho interesse',
    'Ha sbagliato numero',
    'Non mi interessa',
  ])
  table('none', [
    '¿A qué hora abren?',
    'Sí, gracias, allí estaré',
    'Merci, à demain !',
    'Je passe à l’arrêt de bus',
    'Danke, bis morgen',
    'Wann macht ihr auf?',
    'Obrigado, até amanhã',
    'Ci vediamo domani, grazie',
    'Non smettete di scrivermi!',
    'No dejen de enviarme ofertas',
  ])
})

describe('texts that use the words for something else', () => {
  table('none', [
    "don't stop",
    "Please don't stop texting me!",
    'Never stop, I love these',
    "I can't stop laughing",
    'bus stop',
    "I'm at the bus stop",
    'Stop by tomorrow',
    'Can I stop by tomorrow?',
    'I will stop by after work',
    "I'll stop in on Friday",
    'Is there a stop near you?',
    'Please do not unsubscribe me',
    "I don't want to unsubscribe",
    "Don't remove me from the list please",
    'Why did you stop texting me?',
    'Did you stop sending offers',
    'When does the sale end?',
    'What is the end date',
    'Can I cancel my appointment?',
    'Please cancel my appointment for tomorrow',
    'I need to cancel my order',
    'Do you have non stop flights',
    'I quit smoking last year',
    'The sale looks great, sign me up',
    'Yes please, two tickets',
    'Who is this?',
    'What are your opening hours?',
    'Text me the address',
    'Can you send me more information',
    'Please call me back',
    'Thanks! See you there',
    'How much is it?',
    'I want the red one',
    'Remove the onions please',
    'The end of the month works for me',
    'Ok I will be there at 5',
    'Happy birthday!',
    'I need help with my order',
    'Start time is 5?',
    'Is parking free?',
    'We stopped there yesterday and it was lovely',
    'Can you help me choose',
    'no thanks',
    'Not today, maybe next week',
    'That works for us, alone or with friends',
    'I lost my phone, this is my new number',
    'Great list of offers!',
    'Let me know when you are back',
    'My number is 555 0123',
  ])
})

describe('a collection of replies', () => {
  table('stop', CERTAIN)
  table('stop_likely', LIKELY)
  table('none', OTHER)
})

describe('a reply that quotes the campaign', () => {
  table('none', [
    `Liked “${CAMPAIGN}”`,
    `Laughed at "${CAMPAIGN}"`,
    'Loved “Hi Anna, our spring sale starts on Monday with 20% off everything. Reply ST…”',
    `👍 to “${CAMPAIGN}”`,
    `Reacted 👎 to “${CAMPAIGN}”`,
    CAMPAIGN,
    `${CAMPAIGN} Is this for members only?`,
    'Reply STOP to opt out',
    'What does "Reply STOP to opt out" mean?',
    `> ${CAMPAIGN}\nWhat time do you open?`,
  ])
  table('stop', [`STOP\n> ${CAMPAIGN}`, `${CAMPAIGN}\nSTOP`, `Stop texting me!! "${CAMPAIGN}"`, `> ${CAMPAIGN}\nstop`])

  it('does not hide a wording that only resembles it', () => {
    const bodies = ['To leave: reply STOP and we take you off this list.']
    expect(readIntent('take me off this list', { campaignBodies: bodies }).intent).toBe('stop')
    expect(readIntent('STOP', { campaignBodies: ['Reply STOP', 'STOP'] }).intent).toBe('stop')
  })
})

describe('readIntent', () => {
  it('goes by the words it is given', () => {
    const words = { stop: ['Halt!'], start: ['again'], help: ['who'] }
    expect(readIntent('HALT', { words })).toEqual({ intent: 'stop', matched: 'halt', reason: 'keyword' })
    expect(readIntent('Again', { words }).intent).toBe('start')
    expect(readIntent('who?', { words }).intent).toBe('help')
    expect(readIntent('yes', { words }).intent).toBe('none')
    // The word that everybody knows is never lost, only less direct.
    expect(readIntent('STOP', { words }).intent).toBe('stop')
  })

  it('names the words that decided', () => {
    expect(readIntent('Hello. Please take me off this list, I beg you')).toEqual({
      intent: 'stop',
      matched: 'take me off',
      reason: 'wording',
    })
    expect(readIntent('nice weather')).toEqual({ intent: 'none' })
  })

  it('reads every word in any case, with any punctuation, spaces, accents and emoji around', () => {
    const words = (['stop', 'start', 'help'] as const).flatMap(kind =>
      DEFAULT_WORDS[kind].map(word => ({ kind, word })),
    )
    const around = fc.string({ unit: fc.constantFrom(' ', '.', '!', '\n', '"', '*', '😀', '-', ',', ')', '\u0301') })
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        around,
        around,
        fc.infiniteStream(fc.boolean()),
        (one, before, after, upper) => {
          const text = [...one.word]
            .map(char => (upper.next().value ? char.toUpperCase() : char.toLowerCase()))
            .join('')
          expect(readIntent(`${before}${text}${after}`).intent).toBe(one.kind)
        },
      ),
    )
  })

  it('gives an answer to any text, however long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(['stop', 'stop_likely', 'start', 'help', 'none']).toContain(readIntent(text).intent)
      }),
    )
    const long = 'stop by the shop and do not want to be near any of the list '.repeat(500)
    expect(readIntent(long, { campaignBodies: [CAMPAIGN.repeat(15)] }).intent).toBe('none')
  })
})
