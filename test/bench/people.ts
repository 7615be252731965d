import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Random } from './random.ts'

/** A contact list as people have them, of any length. Person `n` has the same number in every list. */
export interface ListPlan {
  readonly rows: number
  /** The first person of the list. */
  readonly from: number
  /** A tenth of the rows are persons below this one, whom an earlier list had: 0, none are. */
  readonly known: number
  readonly seed: number
}

export const COLUMNS = [
  'First Name',
  'Last Name',
  'Email',
  'Mobile',
  'Phone',
  'Country',
  'Company',
  'City',
  'Tags',
  'Notes',
]

/** Writes a list as CSV with CRLF line ends and a header. */
export async function writeList(path: string, plan: ListPlan): Promise<void> {
  await pipeline(Readable.from(chunks(plan)), createWriteStream(path))
}

/** E.164 of a person. Every number is valid, and no two persons share one. */
export function numberOf(person: number): string {
  const { country, national } = phoneOf(person)
  return `+${country.code}${national}`
}

/** The same of people in the United States only. */
export function americanNumberOf(person: number): string {
  return `+1${american((person * SPREAD) % AMERICAN)}`
}

interface Country {
  readonly code: string
  readonly names: readonly string[]
  /** Put in front when dialled within the country. */
  readonly trunk: string
  /** Of a hundred people so many. */
  readonly share: number
  /** How many numbers there are, and the n-th of them. */
  readonly size: number
  readonly national: (n: number) => string
}

const AREAS = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 ' +
  '256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 330 334 ' +
  '336 337 339 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 435 440'
).split(' ')

/** A north American number: any area, an exchange from 220 to 899, four digits. */
function american(n: number): string {
  const line = n % 10_000
  const exchange = 220 + (Math.floor(n / 10_000) % 680)
  return `${AREAS[Math.floor(n / 6_800_000) % AREAS.length]}${exchange}${padded(line, 4)}`
}

const AMERICAN = 6_800_000 * AREAS.length

const COUNTRIES: readonly Country[] = [
  {
    code: '1',
    names: ['US', 'USA', 'United States', '', '', ''],
    trunk: '',
    share: 76,
    size: AMERICAN,
    national: american,
  },
  {
    code: '44',
    names: ['UK', 'GB', 'United Kingdom'],
    trunk: '0',
    share: 9,
    size: 10_000_000,
    national: n => `740${padded(n, 7)}`,
  },
  {
    code: '49',
    names: ['DE', 'Germany', 'Deutschland'],
    trunk: '0',
    share: 5,
    size: 10_000_000,
    national: n => `170${padded(n, 7)}`,
  },
  {
    code: '33',
    names: ['FR', 'France'],
    trunk: '0',
    share: 4,
    size: 10_000_000,
    national: n => `61${padded(n, 7)}`,
  },
  {
    code: '61',
    names: ['AU', 'Australia'],
    trunk: '0',
    share: 3,
    size: 10_000_000,
    national: n => `41${padded(n, 7)}`,
  },
  { code: '34', names: ['ES', 'Spain'], trunk: '', share: 3, size: 10_000_000, national: n => `61${padded(n, 7)}` },
]

/** By the last two digits of a person: their country. */
const BY_SHARE = COUNTRIES.flatMap(country => Array.from({ length: country.share }, () => country))
/** Coprime to every size above, so that people next to each other in a list have numbers far apart. */
const SPREAD = 7_654_321

function phoneOf(person: number): { country: Country; national: string } {
  const country = BY_SHARE[person % 100]!
  const place = Math.floor(person / 100) * country.share + (person % 100)
  return { country, national: country.national((place * SPREAD) % country.size) }
}

const FIRST = (
  'Ada Aino Alba Amir Anouk Arjun Björn Carla Chloé Dario Dilan Édith Elif Emil Esme Fátima Finn Freya Gökhan Hana Hugo Ida ' +
  'Inês Ivo Jade Jonas José Kaja Karim Lars Léa Lina Luca Maja Malik Mina Nils Noa Nora Olga Omar Petra Quinn Rafa Renée Rosa'
).split(' ')
const LAST = (
  "Alder Ashby Birch Bramble Cedarwood Clover Cypress Dogwood Elmes Fennel Ginkgo Hawthorn Hazel Heather O'Ivy Juniper Larch " +
  'Laurel Linden Mallow Maple Myrtle Müller Nettle Oakes Olive Poplar Quince Rowan Sage Sorrel Spruce Sumac Tansy Thistle'
).split(' ')
const SHOPS = ['Corner Bakery', 'Bike & Co', 'Garden, House & Yard', 'The ""Old"" Mill', 'Green Grocer', 'Çelik Ltd.']
const CITIES = ['Springfield', 'Riverton', 'Fairview', 'Zürich', 'Lakeside', 'São Paulo', 'Oakdale', 'Cedar Falls']
const NOTES = ['prefers mornings', 'met at the fair', 'said: ""call me Al""', 'two lines:\r\nask for the blue one']

/** Pieces of the file of some 64 KB. */
function* chunks(plan: ListPlan): Generator<string> {
  const random = new Random(plan.seed)
  let text = `${COLUMNS.join(',')}\r\n`
  for (let row = 0; row < plan.rows; row += 1) {
    text += `${rowOf(personAt(row, plan, random), random)}\r\n`
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield text
}

/** Every tenth row is of the list before, and one in fifty repeats an earlier row of this one. */
function personAt(row: number, plan: ListPlan, random: Random): number {
  if (plan.known > 0 && row % 10 === 3) return Math.floor((row / 10) * 7) % plan.known
  if (row > 0 && random.next() < 0.02) return plan.from + random.below(row)
  return plan.from + row
}

function rowOf(person: number, random: Random): string {
  const first = FIRST[person % FIRST.length]!
  const last = LAST[Math.floor(person / 7) % LAST.length]!
  const { country, national } = phoneOf(person)
  const name = country.names[random.below(country.names.length)]!
  const cells = [
    first,
    last,
    random.next() < 0.8 ? `${plain(first)}.${plain(last)}${person}@example.com` : '',
    written(country, national, random),
    random.next() < 0.15 ? written(country, phoneOf(person + 50_000_000).national, random) : '',
    name,
    random.next() < 0.3 ? quoted(random.pick(SHOPS)) : '',
    CITIES[random.below(CITIES.length)]!,
    random.next() < 0.15 ? random.pick(['regular', 'vip', '"regular, vip"', 'newsletter']) : '',
    random.next() < 0.2 ? quoted(random.pick(NOTES)) : '',
  ]
  return random.next() < 0.02 ? damaged(cells, random) : cells.join(',')
}

/** A number as somebody may have typed it. */
function written(country: Country, national: string, random: Random): string {
  const [a, b, c] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)]
  if (country.code === '1') {
    switch (random.below(6)) {
      case 0:
        return `(${a}) ${b}-${c}`
      case 1:
        return `${a}-${b}-${c}`
      case 2:
        return `${a}.${b}.${c}`
      case 3:
        return `+1 ${a} ${b} ${c}`
      case 4:
        return `1-${a}-${b}-${c}`
      default:
        return national
    }
  }
  switch (random.below(4)) {
    case 0:
      return `+${country.code} ${a} ${b} ${c}`
    case 1:
      return `00${country.code}${national}`
    case 2:
      return `${country.trunk}${national}`
    default:
      return `${country.trunk}${a} ${b}${c}`
  }
}

/** What goes wrong in lists, each about as often. */
function damaged(cells: string[], random: Random): string {
  cells[4] = ''
  switch (random.below(12)) {
    case 0:
      cells[3] = ''
      break
    case 1:
      cells[3] = '4.41E+11'
      break
    case 2:
      cells[3] = '555-0123'
      break
    case 3:
      cells[3] = `${cells[3]} ext. 12`
      break
    case 4:
      cells[3] = '########'
      break
    case 5:
      cells[3] = '+44 20 7946 0123'
      break
    case 6:
      cells[2] = 'not an address'
      break
    case 7:
      cells[0] = '=SUM(A1)'
      break
    case 8:
      return 'Total of the page'
    case 9:
      return `${cells.join(',')},one cell,too many`
    case 10:
      return cells.slice(0, 6).join(',')
    default:
      return ''
  }
  return cells.join(',')
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text}"` : text
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
}

function padded(n: number, length: number): string {
  return String(n).padStart(length, '0')
}
