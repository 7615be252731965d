import { getopts } from './getopts.ts'

/** What the script asks of the app. */
export interface ListRequest {
  /** 0 all, then as Android counts: 1 inbox, 2 sent, 3 draft, 4 outbox, 5 failed, 6 queued. */
  type: number
  limit: number
  offset: number
  address: string
  selection: string
  sortOrder: string
  keepOrder: boolean
  conversations: ConversationRequest | null
}

/** Options of the list of conversations; -1 stands for no limit and no offset. */
export interface ConversationRequest {
  limit: number
  offset: number
  selection: string
  sortOrder: string
  keepOrder: boolean
  severalMessages: boolean
  nested: boolean
}

/** The script ends without asking the app. */
export interface EarlyEnd {
  code: number
  stdout: string
  stderr: string
}

const NAME = 'termux-sms-list'
const TYPES = ['all', 'inbox', 'sent', 'draft', 'outbox', 'failed', 'queued']

/** Reads the arguments as the script of package 0.59 and newer does. */
export function parseNew(args: readonly string[]): ListRequest | EarlyEnd {
  const { options, rest } = getopts('hqvcdf:l:no:t:-:', args)
  const given: Record<string, string> = {}
  for (const { option, value } of options) {
    if (option === '?') return refused(`Unknown option: '-${value}'.`, NEW_USAGE)
    if (option === ':') return refused(`No argument passed for arg option '-${value}'.`, NEW_USAGE)
    if (option !== '-') {
      given[LETTERS[option] ?? option] = value || 'true'
      continue
    }
    const [, name = '', equals, argument] = /^([^=]*)(=?)(.*)$/s.exec(value) ?? []
    if (FLAGS.includes(name) && !equals) given[name] = 'true'
    else if (VALUES.includes(name)) {
      if (!argument) return refused(`No argument set for arg option '--${name}'.`)
      given[name] = argument
    } else return refused(`Unknown option: '--${value}'.`, NEW_USAGE)
  }
  if (given['help']) return { code: 0, stdout: NEW_USAGE, stderr: '' }
  if (rest.length > 0) return refused(`Unknown argument(s) to command: ${rest.join(' ')}`)
  const type = TYPES.indexOf(given['message-type'] ?? 'all')
  if (type < 0) {
    const supported = `It must one of following: ${TYPES.join('|')}`
    return { ...refused(`Unsupported message type '${given['message-type']}'. ${supported}`), code: 1 }
  }
  return withWholeNumbers({
    type,
    limit: Number(given['message-limit'] ?? 10),
    offset: Number(given['message-offset'] ?? 0),
    address: given['message-address'] ?? '',
    selection: given['message-selection'] ?? '',
    sortOrder: given['message-sort-order'] ?? 'date DESC',
    keepOrder: given['message-return-no-order-reverse'] === 'true',
    conversations: given['conversation-list']
      ? {
          limit: Number(given['conversation-limit'] ?? -1),
          offset: Number(given['conversation-offset'] ?? -1),
          selection: given['conversation-selection'] ?? '',
          sortOrder: given['conversation-sort-order'] ?? 'date DESC',
          // The script hands this on only together with a sort order.
          keepOrder: !!given['conversation-sort-order'] && given['conversation-return-no-order-reverse'] === 'true',
          severalMessages: given['conversation-return-multiple-messages'] === 'true',
          nested: given['conversation-return-nested-view'] === 'true',
        }
      : null,
  })
}

/** Reads the arguments as the script of package 0.58 and older does. */
export function parseOld(args: readonly string[]): ListRequest | EarlyEnd {
  const { options, rest } = getopts('hdl:t:f:cno:', args)
  const given: Record<string, string> = {}
  for (const { option, value } of options) {
    if (option === 'h') return { code: 0, stdout: OLD_USAGE, stderr: '' }
    if (option === '?' || option === ':') return { code: 1, stdout: `${NAME}: illegal option -${value}\n`, stderr: '' }
    given[option] = value || 'true'
  }
  if (rest.length > 0) return { code: 1, stdout: `${NAME}: too many arguments\n`, stderr: '' }
  const type = TYPES.indexOf(given['t'] ?? 'all')
  if (type < 0) return { code: 1, stdout: `${NAME}: Unsupported type '${given['t']}'. ${OLD_TYPES}\n`, stderr: '' }
  return withWholeNumbers({
    type,
    limit: Number(given['l'] ?? 10),
    offset: Number(given['o'] ?? 0),
    address: given['f'] ?? '',
    selection: '',
    sortOrder: 'date DESC',
    keepOrder: false,
    conversations: given['c']
      ? {
          limit: -1,
          offset: -1,
          selection: '',
          sortOrder: 'date DESC',
          keepOrder: false,
          severalMessages: false,
          nested: false,
        }
      : null,
  })
}

function refused(problem: string, stdout = ''): EarlyEnd {
  return { code: 64, stdout, stderr: `${NAME}: ${problem}\n` }
}

/** `am`, which takes the numbers over, refuses anything but whole ones. */
function withWholeNumbers(request: ListRequest): ListRequest | EarlyEnd {
  const { conversations } = request
  for (const number of [request.limit, request.offset, conversations?.limit ?? 0, conversations?.offset ?? 0]) {
    if (!Number.isInteger(number)) return { code: 1, stdout: '', stderr: 'Error: java.lang.NumberFormatException\n' }
  }
  return request
}

const LETTERS: Record<string, string> = {
  h: 'help',
  c: 'conversation-list',
  f: 'message-address',
  l: 'message-limit',
  o: 'message-offset',
  t: 'message-type',
}
const FLAGS = [
  'help',
  'quiet',
  'conversation-list',
  'conversation-return-multiple-messages',
  'conversation-return-nested-view',
  'conversation-return-no-order-reverse',
  'message-return-no-order-reverse',
]
const VALUES = [
  'conversation-limit',
  'conversation-offset',
  'conversation-selection',
  'conversation-sort-order',
  'message-address',
  'message-limit',
  'message-offset',
  'message-selection',
  'message-sort-order',
  'message-type',
]
const NEW_USAGE = `${NAME} command lists SMS conversations and messages.

Usage:
    ${NAME} [-h] [-q] [-v] [-f address] [-l limit] [-o offset] [-t type] [-c]
${[...FLAGS, ...VALUES.map(name => `${name}=<value>`)].map(name => `    [ --${name} ]\n`).join('')}
Types: ${TYPES.join('|')}
`
const OLD_TYPES = 'Use one of: all|inbox|sent|draft|outbox'
const OLD_USAGE = `Usage: ${NAME} [-d] [-l limit] [-n] [-o offset] [-t type] [-c] [-f number]
List SMS messages.
`
