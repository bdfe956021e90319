import type { Database } from '@stagewatch/db/database.ts'
import { boardJoin } from '@stagewatch/shared/contract/socket.ts'
import type { BoardJoin, BoardJoinAnswer } from '@stagewatch/shared/contract/socket.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { audienceOf } from '../access/audience-of.ts'
import { AppError } from '../app-error.ts'
import type { SiteView } from '../board/site-view.ts'
import type { Clock } from '../clock/clock.ts'
import type { SitePipeline } from '../pipeline.ts'
import { Recording } from '../recording/recording.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { BoardRooms } from './board-rooms.ts'
import type { BoardSocket } from './board-socket.ts'
import { SocketLine } from './socket-line.ts'

export interface JoinContext {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly rooms: BoardRooms
  /** Those that run. */
  readonly recordings: Set<Recording>
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
}

const longestRecordingMs = 24 * 3_600_000
/** Each keeps an engine of its own in memory. */
const mostRecordings = 8

/** @throws AppError when what is asked for cannot be shown. */
export async function joinBoard(socket: BoardSocket, join: unknown, context: JoinContext): Promise<BoardJoinAnswer> {
  const parsed = boardJoin.safeParse(join)
  if (!parsed.success) return { ok: false, code: 'bad_request' }
  const { board, confirms = false } = parsed.data
  const { caller } = socket.data
  const pipeline = await context.sites.get(caller.site)
  const { departments, privacy } = audienceOf(caller, pipeline.privacy.now)
  const { view, recording } = await viewFor(parsed.data, pipeline, departments, context)
  const publisher = view.boards.find(board, privacy)
  // It may have gone while the view was being opened.
  if (publisher === undefined || socket.disconnected) {
    endRecording(recording, context)
    return { ok: false, code: publisher === undefined ? 'unknown_board' : 'bad_request' }
  }
  leaveBoard(socket, context)
  // The snapshot is taken in the same turn in which the room is joined: the next delta leads on from it.
  const audience = view.boards.audience(privacy)
  const room = { site: pipeline.site.code, audience: `${recording?.id ?? ''}${audience}`, board: publisher.board }
  const line = new SocketLine(socket.conn)
  const feed = context.rooms.join(room, socket.id, line, confirms)
  socket.data.showing = { room, feed, audience, ...(recording !== undefined && { recording }) }
  return { ok: true, snapshot: publisher.snapshot() }
}

export function leaveBoard({ data, id }: BoardSocket, context: JoinContext): void {
  if (data.showing === undefined) return
  context.rooms.leave(data.showing.room, id)
  endRecording(data.showing.recording, context)
  delete data.showing
}

async function viewFor(
  { recording: request }: BoardJoin,
  pipeline: SitePipeline,
  scope: DepartmentScope,
  { database, clock, rooms, recordings, failed }: JoinContext,
): Promise<{ view: SiteView; recording?: Recording }> {
  if (request === undefined) return { view: await pipeline.view(scope) }
  const { from, to } = request
  if (from >= to || to - from > longestRecordingMs || to > clock.now()) {
    throw new AppError('invalid_field', 'a recording is of at most a day of the past', { field: 'recording' })
  }
  if (recordings.size >= mostRecordings) throw new AppError('overloaded', 'too many recordings are being shown')
  const site = pipeline.site.code
  const send = rooms.sender(site)
  const recording = await Recording.open({ pipeline, database, clock, scope, request, send, failed })
  recordings.add(recording)
  return { view: recording.view, recording }
}

function endRecording(recording: Recording | undefined, { recordings }: JoinContext): void {
  if (recording === undefined) return
  recording.close()
  recordings.delete(recording)
}
