import type { Database } from '@stagewatch/db/database.ts'
import { boardJoin } from '@stagewatch/shared/contract/socket.ts'
import type { BoardJoin, BoardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { audienceOf } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import type { SiteView } from '../boards/site-view.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { Recording } from './recordings/recording.ts'
import type { Recordings } from './recordings/recordings.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { BoardRooms } from './board-rooms.ts'
import type { BoardSocket } from './board-socket.ts'
import { isShown } from './socket-authorization.ts'
import { SocketConnection } from './socket-connection.ts'

export interface JoinContext {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly rooms: BoardRooms
  readonly recordings: Recordings
  readonly load: LoadMonitor
  /** Reports errors of background work. */
  readonly failed: (error: unknown) => void
}

const longestRecordingMs = 24 * 3_600_000

/** @throws AppError if the requested board cannot be shown. */
export async function joinBoard(socket: BoardSocket, join: unknown, context: JoinContext): Promise<BoardJoinAnswer> {
  const parsed = boardJoin.safeParse(join)
  if (!parsed.success) return { ok: false, code: 'bad_request' }
  const { board, confirms = false } = parsed.data
  const { caller } = socket.data
  const pipeline = await context.sites.get(caller.site)
  const { departments, privacy } = audienceOf(caller, pipeline.privacy.now)
  const { view, recording } = await viewFor(parsed.data, pipeline, departments, viewerOf(socket), context)
  const audience = view.boards.audience(privacy)
  // Rights may have changed while the view was being opened, so the current ones are checked.
  const isStill = await isShown({ site: caller.site, audience }, socket.data.caller, context.sites)
  const publisher = isStill ? view.boards.find(board, privacy) : undefined
  if (publisher === undefined || socket.disconnected) {
    endRecording(recording, context)
    if (!isStill) socket.disconnect(true)
    return { ok: false, code: isStill ? 'unknown_board' : 'forbidden' }
  }
  leaveBoard(socket, context)
  // The snapshot is taken in the same event loop turn as the join, so that the next delta continues from it.
  const room = { site: caller.site, audience: `${recording?.id ?? ''}${audience}`, board: publisher.board }
  const line = new SocketConnection(socket.conn)
  const feed = context.rooms.join(room, socket.id, line, confirms)
  socket.data.showing = { room, feed, audience, pipeline, ...(recording !== undefined && { recording }) }
  try {
    return { ok: true, snapshot: publisher.snapshot() }
  } catch (error) {
    leaveBoard(socket, context)
    throw error
  }
}

export function leaveBoard({ data, id }: BoardSocket, context: JoinContext): void {
  if (data.showing === undefined) return
  context.rooms.leave(data.showing.room, id)
  endRecording(data.showing.recording, context)
  delete data.showing
}

/** Key of the person, key or address behind several sockets, so that limits apply to them together. */
function viewerOf({ data: { caller }, handshake }: BoardSocket): string {
  return JSON.stringify([caller.site, caller.kind, caller.id ?? handshake.address])
}

async function viewFor(
  { recording: request }: BoardJoin,
  pipeline: SitePipeline,
  scope: DepartmentScope,
  viewer: string,
  { database, clock, rooms, recordings, load, failed }: JoinContext,
): Promise<{ view: SiteView; recording?: Recording }> {
  if (request === undefined) return { view: await pipeline.view(scope) }
  load.require('history')
  const { from, to } = request
  if (from >= to || to - from > longestRecordingMs || to > clock.now()) {
    throw new AppError('invalid_field', 'a recording spans at most one day of the past', {
      field: 'recording',
      reason: 'too_wide',
    })
  }
  const recording = await recordings.open(viewer, { pipeline, database, clock, scope, request, deltas: rooms, failed })
  return { view: recording.view, recording }
}

function endRecording(recording: Recording | undefined, { recordings }: JoinContext): void {
  if (recording !== undefined) recordings.end(recording)
}
