import type { OwnService } from '../services/access/personal-page.ts'

/** A page as it is sent; `nonce` lets its own style and script run, and nothing else. */
export interface View {
  readonly title: string
  readonly body: string
  readonly script?: string
}

export function document({ title, body, script }: View, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${body}
</main>${script === undefined ? '' : `\n<script nonce="${nonce}">${script}</script>`}
</body>
</html>
`
}

export function listView(name: string, services: readonly OwnService[]): View {
  const rows = services.map(
    service => `<li><a class="card" href="/auth/${service.subdomain}"><b>${escaped(service.name)}</b>
<span class="quiet">${escaped(hostOf(service.address))}</span>${badge(service)}</a></li>`,
  )
  const list = rows.length === 0 ? '<p>There is nothing for you yet.</p>' : `<ul class="cards">${rows.join('\n')}</ul>`
  return {
    title: 'Your services',
    body: `<h1>Your services</h1>
<p>Hello ${escaped(name)}. These are the services that you may open. Each has a user name and a password of your own; do not pass them on.</p>
${list}
<form method="post" action="/f/leave"><button class="plain">Leave this page</button></form>`,
  }
}

export function serviceView(service: OwnService, shown: { username: string; password: string } | null): View {
  const { name, subdomain, address, username, known, state } = service
  const at = `/auth/${subdomain}`
  const credential =
    username === null
      ? '<p>It asks for no password.</p>'
      : state === 'expired'
        ? '<p role="alert" class="warn">Your password has expired. Ask an administrator for a new one.</p>'
        : `<dl>
<dt>User name</dt><dd><code id="username">${escaped(username)}</code> <button type="button" data-copy="username">Copy</button></dd>
<dt>Password</dt><dd>${
            known
              ? `<code id="password">${shown === null ? '••••••••••••' : escaped(shown.password)}</code>
<form method="post" action="${at}/show" id="show"><button>Show</button></form>
<button type="button" data-copy="password">Copy</button>`
              : 'the one that you have been using'
          }</dd>
</dl>
<p id="said" role="status"></p>`
  const handOver = service.handOver
    ? `<p><a class="button" href="${at}/continue">Sign me in</a> <span class="quiet">puts the password into the address, if your browser takes it</span></p>`
    : ''
  const renewal = service.selfRenewal
    ? `<details><summary>Make a new password</summary>
<p>The one you have stops at once, everywhere.</p>
<form method="post" action="${at}/regenerate" id="renew"><button>Make a new password</button></form></details>`
    : ''
  return {
    title: name,
    body: `<p><a href="/f">All services</a></p>
<h1>${escaped(name)}</h1>
${badge(service)}
${credential}
<p><a class="button" href="${escaped(address)}" rel="noreferrer noopener">Continue to ${escaped(hostOf(address))}</a></p>
${handOver}
${renewal}`,
    script: SERVICE_SCRIPT,
  }
}

/** Explains what is about to happen, and lets the person stop it. */
export function continueView({ name, subdomain, address }: OwnService): View {
  const at = `/auth/${subdomain}`
  return {
    title: `Continue to ${name}`,
    body: `<h1>Continue to ${escaped(name)}</h1>
<p>In <b id="seconds">3</b> seconds your browser opens ${escaped(hostOf(address))} with your user name and password in the address.</p>
<p class="warn">Some browsers block such addresses or ask first, and programs on this computer may see them. Do this on your own
computer only. The other way always works: open the service and type or paste what is on its page here.</p>
<p><button type="button" id="stop">Stop</button> <a class="button" href="${at}">Show me user name and password instead</a></p>
<p id="said" role="status"></p>`,
    script: continueScript(`${at}/hand-over`),
  }
}

/** For everybody who has not opened a private link here; the same whatever was asked for. */
export function strangerView(): View {
  return {
    title: 'Open your private link',
    body: `<h1>Open your private link</h1>
<p>This page shows something only after you have opened your private link in this browser. Links that were replaced do not work
any more: ask an administrator for a new one.</p>`,
  }
}

export function sentenceView(title: string, sentence: string): View {
  return {
    title,
    body: `<h1>${escaped(title)}</h1>\n<p role="alert">${escaped(sentence)}</p>\n<p><a href="/f">Your services</a></p>`,
  }
}

function badge({ state, expiresSoon, expiresAt }: OwnService): string {
  if (state === 'expired') return ' <span class="badge">expired</span>'
  if (expiresAt === null) return ''
  const day = new Date(expiresAt).toISOString().slice(0, 10)
  return ` <span class="${expiresSoon ? 'badge' : 'quiet'}">until ${day}</span>`
}

function hostOf(address: string): string {
  return new URL(address).host
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

const STYLE = `
:root { color-scheme: light dark; --line: #c9ced6; --soft: #f2f4f7; --ink: #1b2430; --quiet: #56606e; --accent: #1c5fb8; --on: #fff; --warn: #8a4b00; --page: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3d4654; --soft: #20262f; --ink: #e8ecf2; --quiet: #a4afbd; --accent: #8fbcff; --on: #10151c; --warn: #ffb866; --page: #14181f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere }
a { color: var(--accent) }
.cards { list-style: none; padding: 0; display: grid; gap: .5rem }
.card { display: block; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; color: inherit; overflow-wrap: anywhere }
.card:hover, .card:focus-visible { border-color: var(--accent) }
.quiet { color: var(--quiet); font-size: .9rem }
.badge { border: 1px solid currentColor; color: var(--warn); border-radius: 1rem; padding: 0 .5rem; font-size: .85rem }
.warn { color: var(--warn) }
button, .button { font: inherit; display: inline-block; padding: .4rem .9rem; border-radius: .4rem; border: 1px solid var(--accent); background: var(--accent); color: var(--on); cursor: pointer; text-decoration: none; overflow-wrap: anywhere }
dd button, .plain, #stop { background: transparent; color: var(--accent) }
dl { background: var(--soft); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
dt { color: var(--quiet); font-size: .9rem }
dd { margin: 0 0 .75rem; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
dd form { display: inline }
code { font: 1.05rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere; user-select: all }
`

/** Shows the password for a minute, copies, and hides it when the page is left. Without it the forms do the same. */
const SERVICE_SCRIPT = `
(() => {
  const by = id => document.getElementById(id)
  const said = text => { by('said').textContent = text }
  const field = by('password')
  if (!by('said')) return
  const hidden = '••••••••••••'
  let timer = 0
  const hide = () => {
    clearTimeout(timer)
    if (!field || field.textContent === hidden) return
    field.textContent = hidden
    by('show').firstElementChild.textContent = 'Show'
  }
  const reveal = password => {
    field.textContent = password
    by('show').firstElementChild.textContent = 'Hide'
    clearTimeout(timer)
    timer = setTimeout(hide, 60000)
  }
  const ask = async url => {
    const answer = await fetch(url, { method: 'POST', headers: { Accept: 'application/json' }, cache: 'no-store' })
    if (answer.status === 401) { location.replace('/f'); throw new Error('gone') }
    const body = await answer.json()
    if (!answer.ok) throw new Error(body.message)
    return body
  }
  const trouble = error => said(error.message || 'It did not work. Try again.')
  const copied = async (what, text) => {
    try { await navigator.clipboard.writeText(text); said(what + ' is copied.') }
    catch { said('Your browser does not let the page copy. Select it and copy it yourself.') }
  }
  by('show')?.addEventListener('submit', event => {
    event.preventDefault()
    if (field.textContent !== hidden) return hide()
    ask(event.target.action).then(({ password }) => reveal(password), trouble)
  })
  by('renew')?.addEventListener('submit', event => {
    event.preventDefault()
    ask(event.target.action).then(({ password }) => { if (field) reveal(password); else location.reload(); said('This is your new password. The old one has stopped.') }, trouble)
  })
  for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => {
    if (button.dataset.copy === 'username') return copied('The user name', by('username').textContent)
    if (field.textContent !== hidden) return copied('The password', field.textContent)
    ask(by('show').action).then(({ password }) => copied('The password', password), trouble)
  })
  addEventListener('pagehide', hide)
})()
`

function continueScript(url: string): string {
  return `
(() => {
  const by = id => document.getElementById(id)
  let left = 3
  const go = async () => {
    by('stop').disabled = true
    try {
      const answer = await fetch(${JSON.stringify(url)}, { method: 'POST', headers: { Accept: 'application/json' }, cache: 'no-store' })
      const body = await answer.json()
      if (!answer.ok) throw new Error(body.message)
      location.replace(body.address)
    } catch (error) { by('said').textContent = error.message || 'It did not work. Go back and try again.' }
  }
  const timer = setInterval(() => {
    left -= 1
    by('seconds').textContent = String(left)
    if (left === 0) { clearInterval(timer); go() }
  }, 1000)
  by('stop').addEventListener('click', () => {
    clearInterval(timer)
    by('stop').disabled = true
    by('said').textContent = 'Stopped. Nothing was opened.'
  })
})()
`
}
