import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { uploadOffsetHeader, uploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useSyncExternalStore } from 'react'
import { z } from 'zod'
import { readResponse } from '../../../api/request.ts'
import { askUpload } from '../api.ts'
import { FileSender, type Sending } from './file-sender.ts'

/** A silently broken connection would otherwise leave the request pending for minutes. */
const chunkTimeoutMs = 120_000
const askTimeoutMs = 15_000

/** Uploads of this browser tab. They continue while other pages of the desk are open. */
const senders = new Map<string, FileSender>()
const listeners = new Set<() => void>()

/** Uploads a file, or the rest of it. */
export function sendFile(site: string, upload: UploadView, file: File, maxChunk: number): void {
  senders.get(upload.id)?.pause()
  const sender = new FileSender({
    file,
    upload,
    maxChunk,
    send: (id, offset, chunk, signal) => sendChunk({ site, id, offset, chunk, signal }),
    ask: (id, signal) => within(askTimeoutMs, signal, (limited) => askUpload(site, id, limited)),
    wait: untilWorthTrying,
    now: () => performance.now(),
  })
  senders.set(upload.id, sender)
  rememberFile(upload.id, file)
  for (const listener of listeners) listener()
  void sender.start()
}

/** Drops a file that is no longer needed. */
export function forgetFile(id: string): void {
  senders.get(id)?.pause()
  senders.delete(id)
  for (const listener of listeners) listener()
}

/** State of an upload by this browser tab. Undefined: this tab is not uploading it. */
export function useSending(id: string): { readonly sender: FileSender; readonly sending: Sending } | undefined {
  const sender = useSyncExternalStore(subscribe, () => senders.get(id))
  const sending = useSyncExternalStore(sender?.subscribe ?? noSubscription, () => sender?.sending)
  return sender === undefined || sending === undefined ? undefined : { sender, sending }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

const noSubscription = (): (() => void) => () => undefined

interface Chunk {
  readonly site: string
  readonly id: string
  readonly offset: number
  readonly chunk: ArrayBuffer
  readonly signal: AbortSignal
}

function sendChunk({ site, id, offset, chunk, signal }: Chunk): Promise<UploadView> {
  return within(chunkTimeoutMs, signal, async (limited) => {
    const response = await fetch(`/api/v1/uploads/${encodeURIComponent(id)}`, {
      method: 'PATCH',
      headers: {
        accept: 'application/json',
        'content-type': 'application/octet-stream',
        'x-stagewatch-site': site,
        [uploadOffsetHeader]: String(offset),
      },
      body: chunk,
      signal: limited,
    })
    return readResponse(response, uploadView)
  })
}

async function within<T>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, ms)
  outer.addEventListener('abort', abort)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', abort)
  }
}

/** Resolves after the delay, or as soon as the network is back. */
function untilWorthTrying(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(goOn, ms)
    addEventListener('online', goOn)
    signal.addEventListener('abort', stop)
    function end(): void {
      clearTimeout(timer)
      removeEventListener('online', goOn)
      signal.removeEventListener('abort', stop)
    }
    function goOn(): void {
      end()
      resolve()
    }
    function stop(): void {
      end()
      reject(new DOMException('stopped', 'AbortError'))
    }
  })
}

const storageKey = 'stagewatch-sent-files'
const maxRemembered = 20
const remembered = z.record(z.string(), z.number())

/** Stores the identity of a file, because after a reload only the same file can resume its upload. */
function rememberFile(id: string, file: File): void {
  const others = Object.entries(rememberedFiles()).filter(([other]) => other !== id)
  const kept = Object.fromEntries([...others.slice(-maxRemembered), [id, file.lastModified]])
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept))
  } catch {
    // Without storage, the file is uploaded from its beginning.
  }
}

function rememberedFiles(): z.output<typeof remembered> {
  try {
    return remembered.parse(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    return {}
  }
}

/** The upload that a chosen file resumes: same name and size, and not modified since. */
export function uploadOfFile(uploads: readonly UploadView[], file: File): UploadView | undefined {
  const changedAt = rememberedFiles()
  return uploads.find(
    (upload) =>
      upload.hash === undefined &&
      upload.file === file.name.trim() &&
      upload.bytes === file.size &&
      changedAt[upload.id] === file.lastModified,
  )
}
