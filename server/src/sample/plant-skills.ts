import type { Database } from '@stagewatch/db/database.ts'
import type { Skill } from '@stagewatch/shared/contract/team.ts'
import { serverActor } from '../access/actor.ts'
import { anyVersion } from '../platform/edit-version.ts'
import { sampleSite } from '../platform/site.ts'
import { changeSkills, loadSkills } from '../rules/site-skills.ts'
import { earliestToday } from '../team/change-team.ts'
import { loadMembers, saveMemberSettings } from '../team/members-table.ts'
import { departments } from './plant-staff.ts'
import type { PlantMember } from './plant-team.ts'

/** By department: one of its leads has all of them, everybody else has one, so that each is at work in some shift. */
const skillsOf: Readonly<Record<keyof typeof departments, readonly Skill[]>> = {
  sales: [skill('contracts', '合同评审', 'Contract review'), skill('english', '英语', 'English')],
  finance: [skill('credit', '信用审核', 'Credit checks'), skill('invoicing', '开票对账', 'Invoicing')],
  purchasing: [
    skill('castings', '铸锻件采购', 'Castings and forgings'),
    skill('suppliers', '供应商催交', 'Expediting'),
  ],
  planning: [skill('scheduling', '排产', 'Scheduling'), skill('materials', '物料齐套', 'Material availability')],
  production: [
    skill('machining', '机加工', 'Machining'),
    skill('assembly', '装配', 'Assembly'),
    skill('welding', '焊接', 'Welding'),
  ],
  quality: [skill('incoming', '来料检验', 'Incoming inspection'), skill('final', '成品检验', 'Final inspection')],
  warehouse: [skill('forklift', '叉车', 'Forklift'), skill('packing', '包装', 'Packing')],
  logistics: [skill('dispatch', '车辆调度', 'Dispatching'), skill('customs', '报关', 'Customs')],
  carriers: [skill('long-haul', '长途运输', 'Long haul'), skill('heavy-loads', '大件运输', 'Heavy loads')],
  service: [skill('complaints', '投诉处理', 'Complaints'), skill('returns', '退换货', 'Returns')],
}

function skill(key: string, zh: string, en: string): Skill {
  return { key, name: { zh, en } }
}

function leadsFirst(a: PlantMember, b: PlantMember): number {
  return Number(b.caller.role === 'lead') - Number(a.caller.role === 'lead')
}

/** Adds the skills of the plant to those of the site, and gives them to the staff that has none yet. */
export async function grantSkills(database: Database, staff: readonly PlantMember[], now: number): Promise<void> {
  const known = await loadSkills(database, sampleSite)
  const added = Object.values(skillsOf)
    .flat()
    .filter(({ key }) => !known.some((one) => one.key === key))
  await changeSkills(database, sampleSite, [...known, ...added], {
    actor: serverActor,
    expected: anyVersion,
    changedAt: now,
  })
  await database.transaction(async (tx) => {
    const members = new Map(
      (await loadMembers(tx, sampleSite, earliestToday(now))).map((member) => [member.id, member]),
    )
    for (const [code, { name }] of Object.entries(departments)) {
      const offered = skillsOf[code as keyof typeof departments].map(({ key }) => key)
      const team = staff.filter(({ department }) => department === name).toSorted(leadsFirst)
      for (const [place, { caller }] of team.entries()) {
        const member = members.get(caller.id)
        if (member === undefined || member.skills.length > 0) continue
        const { calendar } = member
        const skills = place === 0 ? offered : [offered[place % offered.length] ?? '']
        await saveMemberSettings(tx, sampleSite, caller.id, { skills, ...(calendar !== undefined && { calendar }) })
      }
    }
  })
}
