import { z } from 'zod'
import { languages } from '../domain/locales.ts'
import { privacy } from './privacy.ts'
import { visibleName } from './visible-name.ts'

export const scenes = ['overview', 'stageFocus', 'andon'] as const
export type Scene = (typeof scenes)[number]

/** How a wall shows what it shows. */
export const screenSettings = z.strictObject({
  /** `overview` or `overview:PROCESS`. */
  board: z.string().min(1).max(100).default('overview'),
  /** The departments that it shows; undefined: all that the one who approved it may see. */
  departments: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  language: z.enum(languages).default('zh'),
  theme: z.enum(['dark', 'day']).default('dark'),
  /** What takes turns; a single one stays. */
  scenes: z.array(z.enum(scenes)).min(1).max(3).default(['overview', 'stageFocus']),
  /** How long a scene stays, s; the first one stays longer. */
  rotation: z
    .strictObject({ firstS: z.int().min(5).max(3_600), otherS: z.int().min(5).max(3_600) })
    .default({ firstS: 45, otherS: 20 }),
  /** `andon` is for people far away: four numbers, ten cells, three rows. */
  density: z.enum(['standard', 'andon']).default('standard'),
  privacy: privacy.default({ customers: 'shown', amounts: 'shown', people: 'shown' }),
  /** What is seen of it outside of working time. */
  offShift: z.enum(['on', 'dim', 'kpi', 'blank']).default('dim'),
  /** A single chime for a critical new breach. */
  chime: z.boolean().default(false),
  reducedMotion: z.boolean().default(false),
  /** Whom to call when the line is dead; shown then. */
  contact: z.string().max(100).optional(),
})
export type ScreenSettings = z.infer<typeof screenSettings>

/** What a paired screen is told when it asks who it is, and again when somebody changes it. */
export const screenSelf = z.object({ id: z.string(), name: z.string(), site: z.string(), settings: screenSettings })
export type ScreenSelf = z.infer<typeof screenSelf>

/** What a screen tells of itself, every half minute. */
export const screenReport = z.strictObject({
  /** Build of the client. */
  build: z.string().max(100),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  /** Age of the numbers on the glass, ms. */
  dataAgeMs: z.int().min(0),
  /** Times that its line was cut since the page was loaded. */
  reconnects: z.int().min(0),
  /** Of the script heap; undefined: the browser does not tell. */
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
  /** When it used its token for the first time, epoch ms; undefined: it was approved, and has not come yet. */
  confirmedAt: z.int().optional(),
  online: z.boolean(),
  /** Epoch ms; undefined: never. */
  lastSeenAt: z.int().optional(),
  address: z.string().optional(),
  report: screenReport.optional(),
  /** Of name and settings; belongs into `If-Match` of whoever changes them. */
  version: z.string(),
})
export type Screen = z.infer<typeof screen>

/** The answer of `GET /api/v1/screens`. `build` is what a screen should be running. */
export const screenList = z.object({ screens: z.array(screen), build: z.string() })

/** The body of `PUT /api/v1/screens/:id`. */
export const screenChange = z.strictObject({ name: visibleName(60), settings: screenSettings })
