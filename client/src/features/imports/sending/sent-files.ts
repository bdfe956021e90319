import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { uploadOffsetHeader, uploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useSyncExternalStore } from 'react'
import { z } from 'zod'
import { readResponse } from '../../../api/request.ts'
import { askUpload } from '../api.ts'
import { FileSender, type Sending } from './file-sender.ts'

/** A line that is cut silently gives no answer for minutes. */
const chunkTimeoutMs = 120_000
const askTimeoutMs = 15_000

/** Files that this page sends, whatever part of the desk is shown meanwhile. */
const senders = new Map<string, FileSender>()
const listeners = new Set<() => void>()

/** Sends a file, or the rest of it. */
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

/** Its file is needed no more. */
export function forgetFile(id: string): void {
  senders.get(id)?.pause()
  senders.delete(id)
  for (const listener of listeners) listener()
}

/** How an upload is being sent by this page; undefined: it is not. */
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

/** A network that comes back is worth trying at once. */
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

/** After a reload of the page the file has to be chosen again: only the one whose first part is at the server will do. */
function rememberFile(id: string, file: File): void {
  const others = Object.entries(rememberedFiles()).filter(([other]) => other !== id)
  const kept = Object.fromEntries([...others.slice(-maxRemembered), [id, file.lastModified]])
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept))
  } catch {
    // Where nothing can be stored a file is sent from its beginning.
  }
}

function rememberedFiles(): z.output<typeof remembered> {
  try {
    return remembered.parse(JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    return {}
  }
}

/** The upload that a chosen file goes on with: of the same name and size, and not written to since. */
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
