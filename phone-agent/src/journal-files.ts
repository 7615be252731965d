import { fdatasync, fdatasyncSync, ftruncateSync, writeSync } from 'node:fs'
import { errorCode, errorText } from './files.ts'

/** The part of a file system that a journal writes through; tests put a failing one in its place. */
export interface JournalFiles {
  /** Writes some of the bytes at a position. Returns how many. */
  write(fd: number, bytes: Buffer, from: number, position: number): number
  sync(fd: number): Promise<void> | void
  truncate(fd: number, size: number): void
}

/** Why the disk did not take lines, as a sentence for the operator. */
export function diskSentence(error: unknown): string {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'The phone has no free storage, so nothing is sent. Free some space; it goes on by itself.'
  }
  if (code === 'EROFS') return 'The storage is read-only, so nothing is sent. Restart the phone.'
  return `The storage of the phone failed (${errorText(error)}), so nothing is sent.`
}

/** Where a sync takes less than this, in ms, handing it to another thread costs more than it does. */
const QUICK_SYNC_MS = 0.3
/** After a slow sync so many go to another thread before it is tried again. */
const SLOW_SYNCS = 200

/** The phone's own file system. */
export function realFiles(): JournalFiles {
  let slow = 0
  return {
    write: (fd, bytes, from, position) => writeSync(fd, bytes, from, bytes.length - from, position),
    sync(fd) {
      if (slow-- > 0) {
        return new Promise((resolve, reject) => fdatasync(fd, error => (error ? reject(error) : resolve())))
      }
      const startedAt = performance.now()
      fdatasyncSync(fd)
      slow = performance.now() - startedAt > QUICK_SYNC_MS ? SLOW_SYNCS : 0
    },
    truncate: (fd, size) => ftruncateSync(fd, size),
  }
}
