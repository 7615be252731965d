/**
 * Loaded into an agent before its own code (`node --import`), so that the agent itself is the one that ships:
 * - connections to the hub go through the proxy;
 * - whole frames are delivered twice, in both directions, at once or a while later;
 * - what the journal has synced is noted, so that a loss of power can take the rest away;
 * - the acknowledgements and leases that reached the agent are noted;
 * - the name of the phone's start and its uptime are the test's, so that a phone can be switched off and on.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import tls from 'node:tls'

const setup = JSON.parse(fs.readFileSync(process.env.CC_FAULTS_SETUP, 'utf8'))
const now = () => performance.timeOrigin + performance.now()
const note = line => fs.appendFileSync(setup.linkLog, `${JSON.stringify(line)}\n`)

// --- The phone's start ---

const realRead = fs.readFileSync
fs.readFileSync = function (path, ...rest) {
  return path === '/proc/sys/kernel/random/boot_id' ? `${setup.boot}\n` : realRead.call(this, path, ...rest)
}
const realUptime = os.uptime
os.uptime = () => realUptime() - setup.bootedAtUptime

// --- What is on the disk ---

const synced = fs.openSync(setup.syncedFile, 'a')
const realFstat = fs.fstatSync
function noteSynced(stat) {
  fs.writeSync(synced, `${stat.ino} ${stat.size}\n`)
}
const realFdatasync = fs.fdatasync
fs.fdatasync = (fd, done) => {
  const stat = realFstat(fd)
  realFdatasync(fd, error => {
    if (!error) noteSynced(stat)
    done(error)
  })
}
const realFdatasyncSync = fs.fdatasyncSync
fs.fdatasyncSync = fd => {
  const stat = realFstat(fd)
  realFdatasyncSync(fd)
  noteSynced(stat)
}
const realFsyncSync = fs.fsyncSync
fs.fsyncSync = fd => {
  const stat = realFstat(fd)
  realFsyncSync(fd)
  if (stat.isFile()) noteSynced(stat)
}

// --- The connection ---

const realConnect = tls.connect
tls.connect = (options, ...rest) => {
  if (options.port !== setup.hubPort) return realConnect(options, ...rest)
  const socket = realConnect({ ...options, host: '127.0.0.1', port: setup.proxyPort }, ...rest)
  watch(socket)
  return socket
}
syncBuiltinESMExports()

let drawn = setup.seed >>> 0
function draw() {
  drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0
  return drawn / 4_294_967_296
}
/** The first frames of a connection are its greeting, which neither side says twice. */
const ONCE = new Set(['hello', 'resume', 'welcome', 'refused', 'new-key', 'rotate', 'rotated'])

function watch(socket) {
  const write = socket.write
  const emit = socket.emit
  const pings = new Map()
  let journal = ''
  let upgrading = false
  let open = false
  const outgoing = frames(true)
  const incoming = frames(false)
  const later = (send, ms) => setTimeout(() => !socket.destroyed && send(), ms).unref()

  socket.write = (chunk, ...rest) => {
    const result = write.call(socket, chunk, ...rest)
    if (!upgrading && String(chunk).startsWith('GET /phone')) upgrading = true
    else if (open) {
      for (const { bytes, message } of outgoing(Buffer.from(chunk))) {
        if (message?.t === 'ping') pings.set(message.mono, now())
        if (message?.t === 'hello') journal = message.journal
        if (!message || ONCE.has(message.t)) continue
        if (draw() < setup.twice) write.call(socket, bytes)
        if (message.t === 'events' && draw() < setup.twice) later(() => write.call(socket, bytes), 200 + draw() * 3000)
      }
    }
    return result
  }
  socket.emit = (name, chunk, ...rest) => {
    if (name !== 'data' || !upgrading) return emit.call(socket, name, chunk, ...rest)
    if (!open) {
      if (chunk.includes('\r\n\r\n') && String(chunk).startsWith('HTTP/1.1 101')) open = true
      return emit.call(socket, name, chunk, ...rest)
    }
    for (const { bytes, message } of incoming(chunk)) {
      if (message?.t === 'ack') note({ ev: 'ack', at: now(), journal, seq: message.seq })
      if (message?.t === 'pong' && message.lease && pings.has(message.mono)) {
        note({ ev: 'lease', at: now(), sent: pings.get(message.mono) })
      }
      emit.call(socket, 'data', bytes)
      if (!message || ONCE.has(message.t)) continue
      if (draw() < setup.twice) emit.call(socket, 'data', bytes)
      if ((message.t === 'assign' || message.t === 'recall') && draw() < setup.twice) {
        later(() => emit.call(socket, 'data', bytes), 200 + draw() * 3000)
      }
    }
    return true
  }
}

/** Cuts a stream of bytes into WebSocket frames. */
function frames(masked) {
  let rest = Buffer.alloc(0)
  return chunk => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const found = []
    for (;;) {
      if (rest.length < 2) return found
      let length = rest[1] & 0x7f
      let head = 2
      if (length === 126) {
        if (rest.length < 4) return found
        length = rest.readUInt16BE(2)
        head = 4
      } else if (length === 127) {
        if (rest.length < 10) return found
        length = Number(rest.readBigUInt64BE(2))
        head = 10
      }
      const mask = masked ? head : -1
      if (masked) head += 4
      if (rest.length < head + length) return found
      const bytes = Buffer.from(rest.subarray(0, head + length))
      rest = rest.subarray(head + length)
      found.push({ bytes, message: messageOf(bytes, head, mask) })
    }
  }
}

function messageOf(bytes, head, mask) {
  if ((bytes[0] & 0x8f) !== 0x81) return null
  const payload = Buffer.from(bytes.subarray(head))
  if (mask >= 0) for (let at = 0; at < payload.length; at += 1) payload[at] ^= bytes[mask + (at & 3)]
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return null
  }
}
