/** The passwords that are tried first everywhere, in small letters. From the lists that leaks keep confirming. */
const COMMON = new Set(
  `password password1 password12 password123 passw0rd p@ssw0rd p@ssword 12345678 123456789 1234567890 11111111 00000000
  87654321 12341234 11223344 123123123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234
  asdfghjk asdfghjkl zxcvbnm1 zaq12wsx abcd1234 abc12345 abcdefgh iloveyou iloveyou1 sunshine sunshine1 princess
  princess1 football football1 baseball baseball1 superman superman1 batman123 trustno1 welcome1 welcome123 letmein1
  letmein123 monkey123 dragon123 master123 shadow123 michael1 jennifer jordan23 computer internet whatever starwars
  pokemon1 charlie1 mustang1 corvette maverick samsung1 cheese123 changeme changeme1 changeme123 administrator admin123
  admin1234 admin12345 adminadmin root1234 rootroot toortoor test1234 testtest tester123 guest123 default1 secret123
  secretpassword mypassword passpass p4ssw0rd login123 hello123 helloworld freedom1 qazwsxedc a1b2c3d4 aa123456 66666666
  88888888 99999999 55555555 77777777 12121212 10203040 campaign connector campaignconnector`.split(/\s+/),
)

/** Why a password is refused, as a sentence; null when it may be used. Length is checked by the schema, too. */
export function passwordProblem(password: string, username: string): string | null {
  const folded = password.normalize('NFKC').toLowerCase()
  if (password.length < 8) return 'The password needs at least 8 characters.'
  if (password.length > 128) return 'The password may have 128 characters at most.'
  if (COMMON.has(folded)) return 'This password is among the first that an attacker tries. Choose another one.'
  if (folded === foldUsername(username)) return 'The password must not be the user name.'
  if (/^(.)\1*$/u.test(folded)) return 'A single repeated character is no password. Choose another one.'
  return null
}

/** The form in which two user names are the same one. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase()
}
