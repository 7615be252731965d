import { ask, onSubmit, say } from './api.js'

const at = id => document.getElementById(id)
const message = at('message')

start()

async function start() {
  try {
    const status = await ask('GET', '/api/auth/status')
    showUser(status)
    if (status.mustChangePassword) {
      at('must-change').hidden = false
      at('current').focus()
      await showSessions()
      return
    }
    await Promise.all([showHub(), showSessions()])
  } catch (error) {
    failed(error)
  }
}

/** A session that has ended leads back to the login page. */
function failed(error) {
  if (error.status === 401) location.assign('/login')
  else say(message, error.message)
}

function showUser({ user, role }) {
  const name = user.fullName === '' ? user.username : `${user.fullName} (${user.username})`
  at('who').textContent = `Signed in as ${name}, ${role === 'admin' ? 'administrator' : 'operator'}`
  at('own-name').value = user.username
}

async function showHub() {
  const [status, device] = await Promise.all([ask('GET', '/api/system/status'), ask('GET', '/api/sms/device')])
  const connected = device.phones.filter(phone => phone.connected)
  const rows = [
    ['Version', status.version],
    ['Sending', device.ready ? 'Possible' : device.blockedBy.join(' ')],
    [
      'Phones',
      device.phones.length === 0
        ? 'None is paired'
        : `${connected.length} of ${device.phones.length} connected${connected.length > 0 ? `: ${connected.map(phone => phone.name).join(', ')}` : ''}`,
    ],
    ['Phone link', status.link === null ? 'Does not listen' : status.link.listening.join(', ')],
  ]
  at('hub').replaceChildren(...rows.flatMap(([name, value]) => [element('dt', name), element('dd', value)]))
  at('hub-section').hidden = false
}

async function showSessions() {
  const { sessions } = await ask('GET', '/api/auth/sessions')
  at('sessions').replaceChildren(...sessions.map(sessionRow))
  at('sessions-section').hidden = false
}

function sessionRow(session) {
  const row = document.createElement('li')
  const what = element('span', '')
  what.className = 'what'
  const place = session.ip === null ? 'The window on the workstation' : `Address ${session.ip}`
  const browser = element('span', programOf(session.userAgent))
  browser.className = 'quiet'
  browser.title = session.userAgent
  what.append(
    element('strong', session.current ? `${place} (this one)` : place),
    document.createElement('br'),
    browser,
    document.createElement('br'),
    element(
      'span',
      `Since ${time(session.createdAt)}, last seen ${time(session.lastSeenAt)}, until ${time(session.expiresAt)}`,
    ),
  )
  row.append(what)
  if (!session.current) {
    const button = element('button', 'End')
    button.type = 'button'
    button.className = 'plain'
    button.setAttribute('aria-label', `End the session from ${place}, since ${time(session.createdAt)}`)
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        await ask('DELETE', `/api/auth/sessions/${session.id}`)
        await showSessions()
        say(message, 'The session has ended.', true)
      } catch (error) {
        button.disabled = false
        failed(error)
      }
    })
    row.append(button)
  }
  return row
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

function time(ms) {
  return new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Names of browsers and systems by a word that each tells, the particular ones before those that others claim to be. */
const BROWSERS = { Firefox: 'Firefox/', Edge: 'Edg/', Opera: 'OPR/', Chrome: 'Chrome/', Safari: 'Safari/' }
const SYSTEMS = {
  Android: 'Android',
  iPhone: 'iPhone',
  iPad: 'iPad',
  Windows: 'Windows',
  macOS: 'Mac OS X',
  Linux: 'Linux',
}

function programOf(userAgent) {
  const find = names => Object.keys(names).find(name => userAgent.includes(names[name]))
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)]
  if (!browser) return userAgent === '' ? 'Unknown program' : userAgent
  return system ? `${browser} on ${system}` : browser
}

let scoring = null
at('new').addEventListener('input', () => {
  clearTimeout(scoring)
  scoring = setTimeout(showStrength, 300)
})

async function showStrength() {
  const password = at('new').value
  if (password === '' || password.length > 128) return
  try {
    const { score, feedback } = await ask('POST', '/api/auth/password-score', { password })
    if (at('new').value !== password) return
    const words = ['Too easy to guess.', 'Easy to guess.', 'Fair.', 'Good.', 'Very good.']
    at('strength').textContent = [words[score], ...feedback].join(' ')
  } catch (error) {
    if (error.status === 401) failed(error)
  }
}

onSubmit(at('password'), at('password-message'), async () => {
  const [current, next, again] = ['current', 'new', 'again'].map(id => at(id).value)
  if (current === '' || next === '') throw new Error('Enter your present password and the new one.')
  if (next !== again) throw new Error('The new password is not the same both times.')
  try {
    await ask('POST', '/api/auth/change-password', { currentPassword: current, newPassword: next })
  } catch (error) {
    if (error.status === 401) location.assign('/login')
    throw error
  }
  // Every session ends with the old password, this one too.
  location.assign('/login?changed')
})

at('sign-out').addEventListener('click', async () => {
  try {
    await ask('POST', '/api/auth/logout')
    location.assign('/login')
  } catch (error) {
    failed(error)
  }
})
