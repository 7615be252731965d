import { ask, onSubmit, say } from './api.js'

const form = document.getElementById('login')
const message = document.getElementById('message')
const field = name => document.getElementById(name)

if (field('username').value === '') field('username').focus()
if (new URLSearchParams(location.search).has('changed')) {
  say(message, 'Your password is changed. Sign in with the new one.', true)
}

onSubmit(form, message, async () => {
  const username = field('username').value.trim()
  const password = field('password').value
  if (username === '' || password === '') {
    field(username === '' ? 'username' : 'password').focus()
    throw new Error('Enter your user name and your password.')
  }
  try {
    await ask('POST', '/api/auth/login', { username, password, remember: field('remember').checked })
  } catch (error) {
    field('password').value = ''
    field('password').focus()
    throw error
  }
  location.assign('/account')
})
