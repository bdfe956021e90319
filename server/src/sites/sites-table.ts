import type { Queryable } from '@stagewatch/db/database.ts'
import type { Site } from './site.ts'

interface SiteRow {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly timeZone: string
  readonly sample: boolean
}

export async function loadSites(db: Queryable): Promise<Site[]> {
  const rows = await db.query<SiteRow>(
    `select code, name_zh as "nameZh", name_en as "nameEn", time_zone as "timeZone", sample from sites order by code`,
  )
  return rows.map(({ code, nameZh, nameEn, timeZone, sample }) => ({
    code,
    name: { zh: nameZh, en: nameEn },
    timeZone,
    sample,
  }))
}

/** Adds a site unless there is one with its code. */
export async function saveSite(db: Queryable, site: Site): Promise<void> {
  await db.query(
    `insert into sites (code, name_zh, name_en, time_zone, sample) values ($1, $2, $3, $4, $5)
     on conflict (code) do nothing`,
    [site.code, site.name.zh, site.name.en, site.timeZone, site.sample],
  )
}
