import { z } from 'zod'
import { languages } from '../domain/locales.ts'
import { privacy } from './privacy.ts'
import { visibleName } from './names.ts'

export const scenes = ['overview', 'stageFocus', 'andon'] as const
export type Scene = (typeof scenes)[number]

/** Display settings of a wall. */
export const screenSettings = z.strictObject({
  /** `overview` or `overview:PROCESS`. */
  board: z.string().min(1).max(100).default('overview'),
  /** The departments shown. Undefined: all that the approver may see. */
  departments: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  language: z.enum(languages).default('zh'),
  theme: z.enum(['dark', 'day']).default('dark'),
  /** Scenes shown in turn; a single scene is permanent. */
  scenes: z.array(z.enum(scenes)).min(1).max(3).default(['overview', 'stageFocus']),
  /** Duration of a scene, s; the first one is shown longer. */
  rotation: z
    .strictObject({ firstS: z.int().min(5).max(3_600), otherS: z.int().min(5).max(3_600) })
    .default({ firstS: 45, otherS: 20 }),
  /** `andon` is readable from far away: four numbers, ten cells, three rows. */
  density: z.enum(['standard', 'andon']).default('standard'),
  privacy: privacy.default({ customers: 'shown', amounts: 'shown', people: 'shown' }),
  /** What the screen shows outside of working time. */
  offShift: z.enum(['on', 'dim', 'kpi', 'blank']).default('dim'),
  /** A single chime for a new critical breach. */
  chime: z.boolean().default(false),
  reducedMotion: z.boolean().default(false),
  /** Contact shown while the screen is disconnected. */
  contact: z.string().max(100).optional(),
})
export type ScreenSettings = z.infer<typeof screenSettings>

/** Sent to a paired screen when it asks for its identity, and when somebody changes it. */
export const screenSelf = z.object({ id: z.string(), name: z.string(), site: z.string(), settings: screenSettings })
export type ScreenSelf = z.infer<typeof screenSelf>

/** Sent by a screen every half minute. */
export const screenReport = z.strictObject({
  /** Build of the client. */
  build: z.string().max(100),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  /** Age of the displayed numbers, ms. */
  dataAgeMs: z.int().min(0),
  /** Number of disconnections since the page was loaded. */
  reconnects: z.int().min(0),
  /** Size of the script heap. Undefined: the browser does not report it. */
  memoryBytes: z.int().min(0).optional(),
  scene: z.enum(scenes).optional(),
  /** How far the device's clock is ahead of the server's, ms. */
  clockOffMs: z.int().optional(),
})
export type ScreenReport = z.infer<typeof screenReport>

export const screen = z.object({
  id: z.string(),
  name: z.string(),
  settings: screenSettings,
  approvedBy: z.string(),
  /** Epoch ms. */
  pairedAt: z.int(),
  /** When it first used its token, epoch ms. Undefined: it was approved, but has not connected yet. */
  confirmedAt: z.int().optional(),
  online: z.boolean(),
  /** Epoch ms. Undefined: never. */
  lastSeenAt: z.int().optional(),
  address: z.string().optional(),
  report: screenReport.optional(),
  /** Version of name and settings; sent as `If-Match` when changing them. */
  version: z.string(),
})
export type Screen = z.infer<typeof screen>

/** Response of `GET /api/v1/screens`. `build` is the build that screens should be running. */
export const screenList = z.object({ screens: z.array(screen), build: z.string() })

/** Request body of `PUT /api/v1/screens/:id`. */
export const screenChange = z.strictObject({ name: visibleName(60), settings: screenSettings })
