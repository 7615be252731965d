/** Asks the API as a page of this application. Throws an Error with the sentence of the API, and its `fields`. */
export async function ask(method, path, body) {
  const headers = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const token = csrfToken()
  if (token !== null) headers['X-CSRF-Token'] = token
  let response
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch {
    throw new Error('The hub does not answer. Check that it runs, and try again.')
  }
  const data = await response.json().catch(() => ({}))
  if (response.ok) return data
  const wait = response.headers.get('Retry-After')
  const later = wait === null ? '' : ` Try again in ${span(Number(wait))}.`
  throw Object.assign(new Error(`${data.message ?? 'The hub gave no answer that can be read.'}${later}`), {
    status: response.status,
    fields: data.fields ?? {},
  })
}

function csrfToken() {
  const match = /(?:^|; )(?:__Host-)?cc_csrf=([^;]+)/.exec(document.cookie)
  return match ? match[1] : null
}

function span(seconds) {
  if (seconds < 90) return `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

/** Shows a sentence in the place for it, and reads it out. */
export function say(element, text, good = false) {
  element.textContent = text
  element.classList.toggle('good', good)
  element.hidden = text === ''
}

/** Runs what a form does, once at a time, and shows what goes wrong. */
export function onSubmit(form, message, work) {
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const button = form.querySelector('button[type=submit]')
    if (button.disabled) return
    button.disabled = true
    say(message, '')
    try {
      await work()
    } catch (error) {
      say(message, error.message)
    } finally {
      button.disabled = false
    }
  })
}
