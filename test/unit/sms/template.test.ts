import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FILTERS, MAX_TEMPLATE_LENGTH } from '../../../src/shared/sms/liquid.ts'
import { mentionsOptOut } from '../../../src/shared/sms/opt-out-mention.ts'
import { measure } from '../../../src/shared/sms/segments.ts'
import { type FieldValues, parseTemplate, renderTemplate, unknownFields } from '../../../src/shared/sms/template.ts'

function template(source: string) {
  const parsed = parseTemplate(source)
  if (!parsed.ok) throw new Error(`${source}: ${parsed.error.message}`)
  return parsed.template
}

function render(source: string, values: FieldValues = {}) {
  return renderTemplate(template(source), values)
}

function text(source: string, values: FieldValues = {}) {
  const rendered = render(source, values)
  return rendered.ok ? rendered.text : `${rendered.code} ${rendered.field ?? ''}`.trim()
}

describe('what a template prints', () => {
  it.each<[string, FieldValues, string]>([
    ['Hi {{ first_name }}!', { first_name: 'Ann' }, 'Hi Ann!'],
    ['Hi {{ first_name | default: "there" }}!', { first_name: 'Ann' }, 'Hi Ann!'],
    ['Hi {{ first_name | default: "there" }}!', {}, 'Hi there!'],
    ['Hi {{ first_name | default: "there" }}!', { first_name: '  ' }, 'Hi there!'],
    ['Hi {{ first_name | capitalize | default: "there" }}!', {}, 'Hi there!'],
    ['Hi {{ nick | default: first_name }}!', { first_name: 'Ann' }, 'Hi Ann!'],
    ['Hi {{ nick | default: first_name }}!', { nick: 'A.' }, 'Hi A.!'],
    ['Hi {{ nick | default: first_name | default: "you" }}!', {}, 'Hi you!'],
    ['{% if city %}In {{ city }}{% else %}Near you{% endif %}', {}, 'Near you'],
    ['{% if city %}In {{ city }}{% else %}Near you{% endif %}', { city: 'Bath' }, 'In Bath'],
    ['{% if city == "" or city == blank %}none{% endif %}', {}, 'none'],
    ['{% unless vip == "yes" %}standard{% endunless %}', {}, 'standard'],
    ['{% case plan %}{% when "a" %}A{% else %}other{% endcase %}', {}, 'other'],
    ['{% case plan %}{% when "a" %}A{% else %}other{% endcase %}', { plan: 'a' }, 'A'],
    ['{% assign n = first_name | default: "you" %}{{ n | upcase }}', {}, 'YOU'],
    ['{% capture n %}{{ first_name }}{% endcapture %}{{ n }}', { first_name: 'Bo' }, 'Bo'],
    ['{{ name | split: " " | first }}', { name: 'Ann Lee' }, 'Ann'],
    ['{% if points > 9 %}many{% else %}few{% endif %}', { points: '10' }, 'many'],
    ['{{ points | plus: 5 }}', { points: 10 }, '15'],
    ['{{ ["First name"] }}', { 'First name': 'Ann' }, 'Ann'],
    ['{{ size }} {{ first }}', { size: 'XL', first: 'F' }, 'XL F'],
    ['{{ prénom }}', { prénom: 'Zoé' }, 'Zoé'],
    ['x?a={{ id | url_encode }}', { id: 'a b&c' }, 'x?a=a+b%26c'],
    ['{{ day | date: "%A %-d %B" }}', { day: '2026-03-01' }, 'Sunday 1 March'],
    ['{{ at | date: "%H:%M" }}', { at: '2026-03-01T18:30:00-05:00' }, '18:30'],
    ['{%- if a -%} {{- a -}} {%- endif -%}', { a: 'A' }, 'A'],
    ['{% # note %}{% comment %}{{ x }}{% endcomment %}{% raw %}{{ x }}{% endraw %}', {}, '{{ x }}'],
  ])('%s with %j is %s', (source, values, expected) => expect(text(source, values)).toBe(expected))

  it('is trimmed, composed, with plain line feeds and without control characters', () => {
    expect(text('  \n{{ a }}\r\nb\u0007 \n', { a: 'cafe\u0301' })).toBe('café\nb')
  })

  it('does not depend on the zone of the computer', () => {
    const zone = process.env['TZ']
    try {
      for (const tz of ['Pacific/Kiritimati', 'America/Los_Angeles']) {
        process.env['TZ'] = tz
        expect(text('{{ d | date: "%Y-%m-%d %H:%M" }}', { d: '2026-05-01' })).toBe('2026-05-01 00:00')
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })
})

describe('a field that the contact lacks', () => {
  it.each([
    'Hi {{ first_name }}',
    'Hi {{ first_name | upcase }}',
    'Hi {{ "Dr " | append: first_name }}',
    '{% assign n = first_name | upcase %}Hi {{ n }}',
    '{% capture n %}{{ first_name }}{% endcapture %}Hi',
    '{% if first_name == "x" %}a{% else %}{{ first_name }}{% endif %}',
    'Hi {{ other | default: first_name }}',
  ])('%s', source => {
    for (const values of [{}, { first_name: null }, { first_name: '' }, { first_name: '\u00a0 ' }]) {
      expect(render(source, values)).toMatchObject({ ok: false, code: 'field_missing', field: 'first_name' })
    }
  })

  it('is not looked up on the prototype', () => {
    expect(text('{{ constructor }}')).toBe('field_missing constructor')
    expect(text('{{ toString | default: "x" }}')).toBe('x')
  })

  it('never leaves a blank: what is printed holds each value, or nothing is sent', () => {
    const value = fc.option(fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'ab ') }), {
      nil: undefined,
    })
    fc.assert(
      fc.property(value, value, (a, b) => {
        const rendered = render('<{{ a | upcase }}|{{ b | append: "!" }}>', { a, b })
        const lacking = !a?.trim() || !b?.trim()
        expect(rendered.ok).toBe(!lacking)
        if (rendered.ok) expect(rendered.text).toBe(`<${a?.toUpperCase()}|${b}!>`)
      }),
    )
  })
})

describe('the fields of a template', () => {
  it('are named in order, once, also in conditions and filters, but not what the template assigns', () => {
    const source = '{% assign n = last %}{{ n }}{{ first }}{% if vip and first %}{{ x | default: city }}{% endif %}'
    expect(template(source).fields).toEqual(['last', 'first', 'vip', 'x', 'city'])
  })

  it('are unknown when no contact has them, whatever default they carry', () => {
    const parsed = template('{{ frist_name | default: "you" }} {{ city }}')
    expect(unknownFields(parsed, ['first_name', 'city'])).toEqual(['frist_name'])
    expect(unknownFields(parsed, new Set(['frist_name', 'city']))).toEqual([])
  })
})

describe('a template with a mistake is refused, with the place', () => {
  it.each<[string, number, number, RegExp]>([
    ['Hi {{ first_name | uppercase }}', 1, 4, /no filter "uppercase".*upcase/],
    ['Hi\n {{ first name }}', 2, 5, /side by side/],
    ['Hi {{ first_name', 1, 4, /no closing \}\}/],
    ['{% if a %}b', 1, 1, /no \{% endif %\}/],
    ['{% if a %}b{% endif', 1, 12, /no closing %\}/],
    ['x{% endif %}', 1, 2, /closes nothing/],
    ['{% else %}', 1, 1, /outside an if/],
    ['{% for a in b %}{{ a }}{% endfor %}', 1, 1, /no tag \{% for %\}/],
    ['{% include "x" %}', 1, 1, /no tag \{% include %\}/],
    ['{% render "x" %}', 1, 1, /no tag \{% render %\}/],
    ['{% layout "x" %}', 1, 1, /no tag \{% layout %\}/],
    ['{% liquid\n echo a %}', 1, 1, /no tag \{% liquid %\}/],
    ['{{ a | json }}', 1, 1, /no filter "json"/],
    ['{{ a | where: "x" }}', 1, 1, /no filter "where"/],
    ['{{ }}', 1, 4, /not understood/],
    ['{{ a, b }}', 1, 4, /", b" is not understood/],
    ['{{ a | }}', 1, 4, /is not understood/],
    ['{% if a == %}x{% endif %}', 1, 9, /missing beside "=="/],
    ['{% if a and %}x{% endif %}', 1, 9, /missing beside "and"/],
    ['{% if a = "b" %}x{% endif %}', 1, 10, /not understood/],
    ['{% if a %}{{ b c }}{% endif %}', 1, 14, /side by side/],
    ['{% assign x = a b %}', 1, 15, /side by side/],
    ['{{ a | default }}', 1, 4, /default needs a value/],
    ['{{ a | default “x” }}', 1, 16, /straight quotes/],
    ['{{ contact.name }}', 1, 4, /several parts/],
    ['{{ a[b] }}', 1, 4, /another field/],
  ])('%j', (source, line, col, message) => {
    const parsed = parseTemplate(source)
    expect(parsed).toMatchObject({ ok: false, error: { line, col, message: expect.stringMatching(message) } })
  })

  it('also when it is too long or nests too deep', () => {
    expect(parseTemplate('a'.repeat(MAX_TEMPLATE_LENGTH + 1))).toMatchObject({ ok: false })
    expect(parseTemplate('a'.repeat(MAX_TEMPLATE_LENGTH)).ok).toBe(true)
    const parsed = parseTemplate('{%if a%}'.repeat(600))
    expect(parsed.ok).toBe(false)
  })

  it('any text ends in a template or a sentence, and any template in a text or a sentence', () => {
    const piece = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        ' a ',
        'if',
        'endif',
        '|',
        'default:',
        '"x"',
        '==',
        'assign',
        '=',
        ' ',
        "'",
        '\n',
        'b',
      ],
      ...['{% if a %}', '{% endif %}', '{{ a | ', 'case', 'when', '[', ']', '(1..9)', '.', ',', 'not', 'raw', 'endraw'],
      ...FILTERS,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
        const parsed = parseTemplate(pieces.join(''))
        if (!parsed.ok) {
          expect(parsed.error.message).toMatch(/\S/)
          expect(parsed.error.line).toBeGreaterThan(0)
          return
        }
        const rendered = renderTemplate(parsed.template, { a: 'A' })
        if (!rendered.ok) expect(rendered.message).toMatch(/\S/)
        else expect(rendered.text).not.toMatch(/undefined|\[object|NaN/)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('what cannot be sent', () => {
  it('is an empty body', () => {
    expect(text('{% if a %}x{% endif %} \n')).toBe('body_empty')
  })

  it('is a body of more than ten segments', () => {
    expect(measure('a'.repeat(1530)).segments).toBe(10)
    expect(text('a'.repeat(1530))).toBe('a'.repeat(1530))
    expect(text('{{ b }}a', { b: 'a'.repeat(1530) })).toBe('body_too_long')
    expect(text('я'.repeat(671))).toBe('body_too_long')
  })

  it('is a body that grows without bound, and it does not take the memory first', () => {
    const doubling = `{% assign a = "0123456789" %}${'{% assign a = a | append: a %}'.repeat(100)}{{ a }}`
    expect(text(doubling)).toBe('body_too_long')
    const replacing = `{% assign a = "aaaaaaaaaaaaaaaaaaaa" %}${'{% assign a = a | replace: "a", a %}'.repeat(50)}{{ a }}`
    expect(text(replacing)).toBe('body_too_long')
    expect(text('{{ a }}'.repeat(600), { a: 'x'.repeat(10_000) })).toBe('body_too_long')
  })

  it.each<[string, FieldValues, RegExp]>([
    ['{{ a | plus: 1 }}', { a: 'many' }, /plus needs a number, and got "many"/],
    ['{{ 1 | divided_by: a }}', { a: '0' }, /division by zero/],
    ['{{ a | date: "%d" }}', { a: 'soon' }, /such as 2026-05-01/],
    ['{{ a | date: "%d" }}', { a: '2026-02-30' }, /no day of the calendar/],
    ['{{ "now" | date: "%d" }}', {}, /such as 2026-05-01/],
    ['{% if a %}{% assign b = a %}{% endif %}x{{ b }}', {}, /fails for this contact/],
  ])('is a value that does not fit: %s with %j', (source, values, message) => {
    const rendered = render(source, values)
    expect(rendered).toMatchObject({ ok: false, code: 'template_error', message: expect.stringMatching(message) })
  })
})

describe('mentionsOptOut', () => {
  const words = [
    'STOP',
    'STOPALL',
    'UNSUBSCRIBE',
    'END',
    'QUIT',
    'CANCEL',
    'OPT OUT',
    'REMOVE',
    'ARRET',
    'BAJA',
    'ALTO',
  ]
  it.each([
    'Sale today. Reply STOP to opt out.',
    'Sale today. Txt stop to end',
    'STOP=end',
    'Stop2End',
    'Reply "stop" to leave',
    'To unsubscribe, answer here',
    'Opt-out: call us',
    'Responde BAJA para no recibir',
    'Envoyez ARRÊT au 36000',
    'Sale! Text END to quit',
    'Sale. STOP if you have enough',
    'SALE. REPLY STOP TO END',
  ])('%s', text => expect(mentionsOptOut(text, words)).toBe(true))

  it.each([
    'Sale today, stop by our shop!',
    'Text us to stop by',
    'We ship until the end of May',
    'THE END of winter is near',
    'Cancel any time, reply with your size',
    'The next bus stop is yours',
    'Remove the cap and enjoy',
    '',
  ])('not %s', text => expect(mentionsOptOut(text, words)).toBe(false))

  it('goes by the words it is given', () => {
    expect(mentionsOptOut('Reply HALT', words)).toBe(false)
    expect(mentionsOptOut('Reply HALT', ['halt'])).toBe(true)
    expect(mentionsOptOut('Reply STOP', [])).toBe(false)
  })
})
