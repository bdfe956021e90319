import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { AlertWorld } from './alert-world.ts'

/** Server instances that deliver to channels, at a site with an operator, two leads and a manager who read Chinese. */
export class ToldWorld extends AlertWorld {
  /** Starts an instance, and adds the people. @returns the site on that instance. */
  async beginTold(): Promise<SitePipeline> {
    this.begin()
    this.sendsReally = true
    const { site } = await this.startInstance('a')
    await this.addMember('li', 'operator', ['store'])
    await this.addMember('zhou', 'lead', ['store'])
    await this.addMember('fang', 'lead', ['fleet'])
    await this.addMember('chen', 'manager', null)
    return site
  }

  /** Adds a member of the site, whose name is their id, and who prefers WeCom to e-mail. */
  async addMember(id: string, role: string, departments: readonly string[] | null): Promise<void> {
    const { database } = this
    await database.query(`insert into users (id, name, email) values ($1, $2, $3)`, [id, id, `${id}@example.com`])
    await database.query(`insert into memberships (site, user_id, role, departments) values ('main', $1, $2, $3)`, [
      id,
      role,
      departments,
    ])
    const ways = [{ kind: 'wecom', userId: `we-${id}` }, { kind: 'email' }]
    await database.query(`insert into user_profiles (user_id, language, channels) values ($1, 'zh', $2::jsonb)`, [
      id,
      JSON.stringify(ways),
    ])
  }

  /** The recipient, channel and subject of each message sent. */
  sent() {
    return this.database.query<{ way: string; title: string }>(`
      select channel_id || ' ' || recipient as way, message->>'title' as title from messages order by created_at, way`)
  }
}
