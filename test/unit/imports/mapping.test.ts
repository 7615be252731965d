import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnNames } from '../../../src/main/domain/imports/header.ts'
import { attributeKey, proposeMapping } from '../../../src/main/domain/imports/mapping.ts'
import { isAttributeKey } from '../../../src/shared/imports/attribute-key.ts'
import { importMappingSchema } from '../../../src/shared/imports/settings.ts'

function propose(header: string, ...rows: string[]) {
  return proposeMapping(
    header.split(','),
    rows.map(row => row.split(',')),
    true,
    'US',
  )
}

function guess(...rows: string[]) {
  const sample = rows.map(row => row.split(','))
  return proposeMapping(columnNames(sample, false), sample, false, 'US')
}

describe('proposeMapping: postcodes and zones', () => {
  it.each([
    ['ZIP', '60601'],
    ['Zip Code', '2134'],
    ['zip_code', '60601-1234'],
    ['Postal Code', 'K1A 0B1'],
    ['Postcode', 'SW1A 1AA'],
    ['PLZ', '10115'],
    ['Code postal', '75001'],
    ['Mailing Zip/Postal Code', '60601'],
    ['Home ZIP Code', '60601'],
  ])('knows %s by its name', (label, value) => {
    const mapping = propose(`Phone,${label}`, `202-555-0123,${value}`)
    expect(mapping.postcode).toBe(label)
    expect(mapping.attributes).toEqual({})
  })

  it('doubts a name that the values do not bear out', () => {
    expect(propose('Phone,ZIP', '202-555-0123,yes', '202-555-0124,no').postcode).toBeNull()
  })

  it('knows values that nothing else looks like, and leaves plain digits alone', () => {
    const rows = ['202-555-0123,SW1A 1AA,Europe/London', '202-555-0124,EH1 1YZ,Europe/London']
    expect(propose('Phone,Where,When', ...rows)).toMatchObject({ postcode: 'Where', zone: 'When' })
    expect(guess('2025550123,K1A 0B1,Ann', '2025550124,M5V 3L9,Bob').postcode).toBe('Column 2')
    expect(propose('Phone,Points', '202-555-0123,60601').postcode).toBeNull()
  })
})

describe('proposeMapping: phones', () => {
  it('puts mobiles first, then plain phones, home and work, and never a fax', () => {
    expect(propose('Work Phone,Fax,Home Phone,Phone 2,Phone 1,Cell').phones).toEqual([
      'Cell',
      'Phone 2',
      'Phone 1',
      'Home Phone',
      'Work Phone',
    ])
    expect(propose('phone1,phone2,Telefax').phones).toEqual(['phone1', 'phone2'])
  })

  it.each([
    'Mobile',
    'Mobile Phone',
    'mobile_number',
    'CellPhone',
    'Handy',
    'Handynummer',
    'Móvil',
    'Teléfono móvil',
    'Celular',
    'Portable',
    'Tél. portable',
    'Cellulare',
    'Telemóvel',
    'Mobiel nummer',
    'WhatsApp',
  ])('knows %s as a mobile', label => {
    expect(propose(`Phone,${label}`, '202-555-0123,202-555-0124').phones).toEqual([label, 'Phone'])
  })

  it.each([
    'Phone',
    'Tel.',
    'Telephone',
    'Telefon',
    'Teléfono',
    'Téléphone',
    'Telefono',
    'Telefone',
    'Telefoonnummer',
    'msisdn',
  ])('knows %s as a phone', label => expect(propose(`Name,${label}`, 'Ann,1').phones).toEqual([label]))

  it.each([
    'Phone Type',
    'Phone Extension',
    'Mobile Carrier',
    'Phone verified',
    "Assistant's Phone",
    'Emergency Phone',
    'Pager',
  ])('does not take %s for a number', label => {
    const mapping = propose(`Phone,${label}`, '202-555-0123,202-555-0124')
    expect(mapping.phones).toEqual(['Phone'])
    expect(Object.values(mapping.attributes)).toEqual([label])
  })

  it('falls back to the values when no header speaks of phones', () => {
    const mapping = propose('Who,Reach at,Account', 'Ann,(202) 555-0123,8841120934', 'Bo,(202) 555-0124,8841120977')
    expect(mapping.phones).toEqual(['Reach at'])
  })

  it('keeps the phone column of a list whose numbers are all damaged', () => {
    expect(propose('Name,Phone', 'Ann,none', 'Bo,ask').phones).toEqual(['Phone'])
    expect(propose('Name,Phone', 'Ann,4.41E+11', 'Bo,4.41E+11').phones).toEqual(['Phone'])
  })

  it('takes the exports of Google and Outlook', () => {
    const google = propose(
      'Given Name,Family Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Value,E-mail 1 - Value,Group Membership',
    )
    expect(google).toMatchObject({
      phones: ['Phone 1 - Value', 'Phone 2 - Value'],
      firstName: 'Given Name',
      lastName: 'Family Name',
      email: 'E-mail 1 - Value',
      tags: 'Group Membership',
    })
    const outlook = propose(
      'First Name,Last Name,Business Fax,Business Phone,Home Phone,Mobile Phone,Pager,E-mail Address,Home Country/Region',
    )
    expect(outlook).toMatchObject({
      phones: ['Mobile Phone', 'Home Phone', 'Business Phone'],
      email: 'E-mail Address',
      country: 'Home Country/Region',
    })
  })
})

describe('proposeMapping: names and the rest', () => {
  it.each([
    ['First Name,Last Name', 'First Name', 'Last Name', null],
    ['firstName,surname', 'firstName', 'surname', null],
    ['Vorname,Name', 'Vorname', 'Name', null],
    ['Prénom,Nom', 'Prénom', 'Nom', null],
    ['Nombre,Apellidos', 'Nombre', 'Apellidos', null],
    ['Nome,Cognome', 'Nome', 'Cognome', null],
    ['Nome,Sobrenome', 'Nome', 'Sobrenome', null],
    ['Voornaam,Achternaam', 'Voornaam', 'Achternaam', null],
    ['Name,Phone', null, null, 'Name'],
    ['Nombre completo,Tel', null, null, 'Nombre completo'],
  ])('reads %s', (header, firstName, lastName, fullName) => {
    expect(propose(header)).toMatchObject({ firstName, lastName, fullName })
  })

  it('finds country, zone, tags and consent', () => {
    expect(
      propose(
        'phone,Land,Time Zone,Tags,SMS Consent,Opt-in source,Consent date,Consent text,Unsubscribed',
        '1,Deutschland,,,yes,,,,no',
      ),
    ).toMatchObject({
      country: 'Land',
      zone: 'Time Zone',
      tags: 'Tags',
      consent: {
        given: 'SMS Consent',
        source: 'Opt-in source',
        at: 'Consent date',
        wording: 'Consent text',
        refused: 'Unsubscribed',
      },
    })
    expect(propose('phone,Consent type', '1,Promotional', '2,Transactional', '3,no').consent).toMatchObject({
      ...{ kind: 'Consent type', given: null },
    })
    // A column that says something else makes nobody's consent.
    expect(propose('phone,Opt-in type', '1,double', '2,single')).toMatchObject({
      ...{ consent: { kind: null, given: null }, attributes: { opt_in_type: 'Opt-in type' } },
    })
    expect(propose('phone,county').country).toBeNull()
    expect(propose('phone,land', '1,20 acres').country).toBeNull()
  })

  it('makes an attribute of everything else', () => {
    expect(propose('phone,Company Name,Größe,city,City,名前,3rd,size,country code of birth place').attributes).toEqual({
      company_name: 'Company Name',
      grosse: 'Größe',
      city: 'city',
      city_2: 'City',
      column_6: '名前',
      c_3rd: '3rd',
      size_2: 'size',
      country_code_of_birth_place: 'country code of birth place',
    })
  })

  it('gives keys that templates can use, for any header', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 6 }), labels => {
        const columns = columnNames([labels], true)
        expect(new Set(columns).size).toBe(labels.length)
        const mapping = proposeMapping(columns, [], true, null)
        expect(importMappingSchema.parse(mapping)).toEqual(mapping)
      }),
    )
    for (const label of ['__proto__', 'constructor', 'First Name', 'and', '']) {
      expect(isAttributeKey(attributeKey(label, 'column_1'))).toBe(true)
    }
  })
})

describe('proposeMapping without header', () => {
  it('knows the columns by their values', () => {
    expect(
      guess(
        'Ann,Lee,202-555-0123,ann@example.com,US,America/New_York,7',
        'Bo,Ray,202-555-0124,bo@example.com,Canada,America/Toronto,9',
      ),
    ).toMatchObject({
      phones: ['Column 3'],
      firstName: 'Column 1',
      lastName: 'Column 2',
      email: 'Column 4',
      country: 'Column 5',
      zone: 'Column 6',
      attributes: { column7: 'Column 7' },
    })
  })

  it('knows whole names and lone numbers', () => {
    expect(guess('+1 202 555 0123,Ann Lee', '+1 202 555 0124,Bo Ray')).toMatchObject({
      phones: ['Column 1'],
      fullName: 'Column 2',
    })
    expect(guess('2025550123', '2025550124').phones).toEqual(['Column 1'])
  })
})

describe('columnNames', () => {
  it('makes every name its own', () => {
    expect(columnNames([['Phone', ' phone ', 'Phone', '', 'a\n b']], true)).toEqual([
      'Phone',
      'phone',
      'Phone (2)',
      'Column 4',
      'a b',
    ])
  })

  it('counts the columns of a list without header as most rows have them', () => {
    expect(
      columnNames(
        [
          ['a', 'b', 'c'],
          ['a', 'b'],
          ['a', 'b'],
        ],
        false,
      ),
    ).toEqual(['Column 1', 'Column 2'])
  })
})
