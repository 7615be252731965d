/** What a column holds, as far as its name tells. */
export type ColumnRole =
  | 'mobile'
  | 'phone'
  | 'home_phone'
  | 'work_phone'
  | 'first_name'
  | 'last_name'
  | 'full_name'
  /** First, last or whole name, depending on what other columns there are: "Name" beside "Vorname" is the last name. */
  | 'some_name'
  | 'email'
  | 'country'
  | 'zone'
  | 'postcode'
  | 'tags'
  | 'consent_given'
  | 'consent_refused'
  | 'consent_source'
  | 'consent_wording'
  | 'consent_at'
  | 'consent_kind'
  /** A usual column without a role: becomes an attribute. */
  | 'other'

/** The role that the name of a column tells, in English and the languages that lists come in; null: says nothing. */
export function roleOf(label: string): ColumnRole | null {
  const words = wordsOf(label.slice(0, 200))
  if (words === '') return null
  const exact = ROLE_BY_LABEL.get(words) ?? ROLE_BY_LABEL.get(words.replace(/ \d+$/, ''))
  if (exact !== undefined) return exact
  for (const [role, pattern] of PATTERNS) if (pattern.test(words)) return role
  return null
}

/** Whether this is the usual name of a column, so that a row of such words is a header. */
export function isKnownLabel(label: string): boolean {
  return roleOf(label) !== null
}

/** Lower case words without accents: `firstName`, `First-Name` and `FIRST_NAME` are all "first name". */
export function wordsOf(label: string): string {
  return label
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const LABELS: Readonly<Record<ColumnRole, string>> = {
  mobile: '',
  phone:
    'phone,telephone,tel,tel no,telephone no,phone no,phone nr,phone number,phonenumber,telephone number,primary phone,' +
    'main phone,contact number,contact no,contact phone,best phone,daytime phone,day phone,evening phone,other phone,' +
    'number,msisdn,e 164,e164,telefon,telefonnummer,telefon nr,telefonnr,rufnummer,tel nr,telefono,numero de telefono,' +
    'numero telefono,numero di telefono,fono,telefone,numero de telefone,numero de telephone,no de telephone,' +
    'no telephone,num tel,telefoon,telefoonnummer,tel nummer,numer telefonu,puhelin,puhelinnumero,telefonszam,phone 1 value',
  home_phone:
    'home phone,phone home,home tel,home telephone,home number,home,telefon privat,privat telefon,privatnummer,' +
    'telephone domicile,tel domicile,telefono casa,telefono particular,telefono fijo,telefone residencial,telefono fisso,' +
    'telefone fixo,festnetz,festnetznummer,telephone fixe,tel fixe,fixe,vaste telefoon,landline,land line,landline number,' +
    'telefono di casa,thuistelefoon,telefoon thuis',
  work_phone:
    'work phone,phone work,work tel,work telephone,work number,work,office,office phone,office number,business phone,' +
    'business phone 2,company phone,company main phone,business number,telefon geschaftlich,telefon dienstlich,' +
    'telefon firma,telefon buro,telephone bureau,telephone professionnel,tel bureau,tel pro,telefono trabajo,' +
    'telefono oficina,telefono ufficio,telefono lavoro,telefone comercial,telefone trabalho,telefoon werk,werktelefoon',
  first_name:
    'first name,firstname,first,given name,givenname,given,forename,fname,f name,vorname,rufname,prenom,' +
    'nombre de pila,primer nombre,primo nome,primeiro nome,nome proprio,voornaam,roepnaam,imie,fornavn,fornamn,etunimi,' +
    'jmeno,keresztnev,christian name,recipient first name,contact first name,customer first name',
  last_name:
    'last name,lastname,last,surname,sur name,family name,familyname,lname,l name,nachname,familienname,zuname,' +
    'nom de famille,nom famille,apellido,apellidos,primer apellido,cognome,sobrenome,apelido,ultimo nome,achternaam,' +
    'familienaam,nazwisko,etternavn,efternavn,efternamn,sukunimi,prijmeni,vezeteknev,contact last name,customer last name',
  full_name:
    'full name,fullname,whole name,complete name,contact name,customer name,client name,display name,person,contact,' +
    'recipient,recipient name,nombre completo,nombre y apellidos,nombre y apellido,nom complet,nom et prenom,' +
    'nom prenom,prenom nom,vollstandiger name,vor und nachname,name vorname,vorname nachname,nome completo,nome e cognome,' +
    'nominativo,volledige naam,imie i nazwisko,fullt navn,fullstandigt namn,attendee,guest,guest name,member name',
  some_name: 'name,nombre,nom,nome,naam,navn,namn,nazwa,nimi,nev',
  email:
    'email,e mail,mail,email address,e mail address,emailaddress,mail address,email 1,e mail 1 value,email adresse,' +
    'e mail adresse,emailadresse,mailadresse,correo,correo electronico,email correo,courriel,adresse email,adresse e mail,' +
    'adresse mail,mel,adresse electronique,indirizzo email,indirizzo e mail,posta elettronica,endereco de email,' +
    'endereco de e mail,e mailadres,emailadres,adres email,adres e mail,epost,e post,sahkoposti,primary email,work email,' +
    'personal email,contact email',
  country:
    'country,country code,country name,country iso,iso country,iso country code,country region,country or region,' +
    'nation,land,staat,landercode,landerkennung,landeskennzahl,pays,code pays,pais,codigo pais,codigo de pais,paese,' +
    'nazione,stato estero,landcode,landskode,landskod,kraj,maa,orszag,zeme,phone country,phone country code,' +
    'dial code,dialling code,dialing code,calling code,country calling code,mailing country,billing country,home country',
  zone:
    'timezone,time zone,tz,zone info,zoneinfo,iana zone,zeitzone,fuseau horaire,zona horaria,huso horario,fuso orario,' +
    'fuso horario,tijdzone,strefa czasowa,tidssone,tidszon,tidszone,aikavyohyke',
  postcode:
    'zip,zip code,zipcode,zip 5,zip plus 4,zip postal code,zip or postal code,zip postcode,postal,postal code,postalcode,' +
    'post code,postcode,plz,postleitzahl,code postal,cp,codigo postal,cap,codice postale,cep,postnr,' +
    'postnummer,postinumero,kod pocztowy,psc,iranyitoszam,mailing zip,mailing zip code,mailing postal code,home zip,' +
    'home postal code,billing zip,billing zip code,billing postal code,shipping zip,shipping zip code,' +
    'shipping postal code,address zip,address postal code,residential zip,default address zip',
  tags:
    'tag,tags,label,labels,group membership,keywords,contact tags,etiqueta,etiquetas,schlagwort,schlagworte,' +
    'schlagworter,etichetta,etichette,etiquette,etiquettes,trefwoorden',
  consent_given:
    'consent,consented,has consent,consent given,opt in,optin,opted in,opt in status,sms opt in,sms optin,sms consent,' +
    'text consent,text opt in,marketing consent,sms marketing consent,accepts marketing,accepts sms,accepts sms marketing,' +
    'accepts texts,ok to text,okay to text,can text,may text,subscribed,sms subscribed,permission,permission to text,' +
    'einwilligung,zustimmung,consentement,consentimiento,consenso,consentimento,toestemming,zgoda,samtykke,samtycke,suostumus',
  consent_refused:
    'opt out,optout,opted out,sms opt out,sms optout,text opt out,unsubscribed,unsubscribe,sms unsubscribed,do not text,' +
    'do not sms,do not contact,do not call,dnc,dnt,donotcontact,donottext,stop,suppressed,blocked,no texts,no sms',
  consent_source:
    'consent source,source of consent,opt in source,optin source,sms opt in source,consent method,opt in method,' +
    'consent origin,quelle der einwilligung,source du consentement,origen del consentimiento,fonte del consenso',
  consent_wording:
    'consent wording,consent text,consent language,opt in text,opt in wording,optin text,consent statement,' +
    'wording of consent,einwilligungstext,texte du consentement,texto del consentimiento,testo del consenso',
  consent_at:
    'consent date,consent time,consent at,consent timestamp,consented at,consent given at,date of consent,opt in date,' +
    'opt in time,opt in timestamp,optin date,optin time,opted in at,opt in at,sms opt in date,sms consent date,' +
    'einwilligungsdatum,datum der einwilligung,date du consentement,date de consentement,fecha de consentimiento,' +
    'fecha del consentimiento,data del consenso,data consentimento',
  consent_kind:
    'consent type,consent kind,type of consent,kind of consent,consent category,consent purpose,purpose of consent,' +
    'consent scope,scope of consent,opt in type,optin type,agreed to,consented to,' +
    'einwilligungsart,art der einwilligung,type de consentement,tipo de consentimiento,tipo di consenso',
  other:
    'id,company,company name,organization,organisation,firma,empresa,societe,azienda,bedrijf,title,job title,anrede,' +
    'salutation,address,street,adresse,direccion,rue,strasse,via,city,town,stadt,ort,ville,ciudad,citta,county,state,' +
    'province,region,web,website,url,notes,' +
    'note,comment,comments,birthday,date of birth,dob,geburtstag,gender,age,date,source,status,type,fax,customer id,' +
    'order,amount,plan,language,middle name,nickname',
}

const ROLE_BY_LABEL: ReadonlyMap<string, ColumnRole> = new Map(
  (Object.entries(LABELS) as [ColumnRole, string][]).flatMap(([role, labels]) =>
    labels === '' ? [] : labels.split(',').map((label): [string, ColumnRole] => [label, role]),
  ),
)

const MOBILE =
  'mobile|mobiles|mobil|cell|cellphone|cellular|handy|handynummer|handynr|mobilnummer|mobilnr|mobiltelefon|mobilfunk|' +
  'mobilfunknummer|mobilephone|mobilenumber|cellnumber|movil|celular|portable|gsm|mobiel|mobielnummer|gsmnummer|' +
  'cellulare|telefonino|telemovel|whatsapp|whats app|natel|komorka|komorkowy|matkapuhelin|mobilni|sms number|sms phone|text number'
const PHONE = 'phone|phones|telephone|tel|telefon|telefono|telefone|telefoon|rufnummer|telefonnummer|telefoonnummer'
/** A number that nobody reads texts on, another person's number, or not a number at all. */
const NEVER =
  'fax|telefax|faks|facsimile|pager|telex|tty|tdd|callback|car|radio|isdn|assistant|manager|spouse|partner|emergency|' +
  'parent|mother|father|guardian|referrer|reference|notfall|urgence|emergencia|emergenza|type|typ|tipo|label|ext|' +
  'extension|durchwahl|carrier|provider|operator|network|status|verified|valid|validated|confirmed|code|prefix|area|' +
  'model|os|plan|date|time|notes|note|comment|comments|count|brand|device|page|url|site|usage|bill|size'

const PATTERNS: readonly (readonly [ColumnRole, RegExp])[] = [
  ['consent_refused', /\b(?:opt(?:ed)? ?out|unsubscribed?|do not (?:text|sms|contact|call|disturb))\b/],
  ['consent_at', /\b(?:consent|opt(?:ed)? ?in)\b.*\b(?:date|time|at|on|timestamp|when)\b/],
  ['consent_source', /\b(?:consent|opt ?in)\b.*\b(?:source|method|origin|channel|form|page|url|ip)\b/],
  ['consent_wording', /\b(?:consent|opt ?in)\b.*\b(?:wording|text|language|statement)\b/],
  ['consent_kind', /\b(?:consent|opt ?in)\b.*\b(?:type|kind|category|purpose|scope)\b/],
  ['consent_given', /\b(?:consent(?:ed)?|opt(?:ed)? ?in|optin)\b/],
  ['country', new RegExp(`\\b(?:${PHONE}|mobile|cell)\\b.*\\bcountry\\b`)],
  ['zone', /\btime ?zone\b/],
  ['postcode', /\b(?:zip ?code|postal ?code|post ?code|postleitzahl|code postal|codigo postal)\b/],
  ['other', new RegExp(`\\b(?:${NEVER})\\b`)],
  [
    'home_phone',
    new RegExp(`\\b(?:home|privat|casa|domicile|landline|fixe?|fijo|fisso|fixo|festnetz)\\b.*\\b(?:${PHONE})\\b`),
  ],
  ['mobile', new RegExp(`\\b(?:${MOBILE})\\b`)],
  ['work_phone', new RegExp(`\\b(?:work|office|business|company|bureau|trabajo|ufficio|firma)\\b.*\\b(?:${PHONE})\\b`)],
  ['phone', new RegExp(`\\b(?:${PHONE})\\b`)],
  ['email', /\b(?:e mail|email)\b/],
  ['country', /\bcountry\b/],
]
