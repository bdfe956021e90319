import { days, hours, lastStage, officeHours, stage, text, twoShifts } from '../building-blocks.ts'
import type { ProcessTemplate } from '../process-template.ts'

const office = officeHours.code
const shifts = twoShifts.code

export const equipment: ProcessTemplate = {
  name: text('装备制造', 'Equipment'),
  description: text(
    '按项目交付的设备：设计、客户会签、长周期采购、制造、总装、出厂验收、安装、终验收。',
    'Machines delivered as projects: design, customer approval, long-lead items, assembly, acceptance, installation.',
  ),
  process: {
    code: 'equipment',
    name: text('设备项目', 'Equipment project'),
    stages: [
      stage('contract', text('合同', 'Contract'), {
        targetMs: hours(24),
        calendar: office,
        department: 'Sales',
        stallAfterMs: hours(16),
      }),
      stage('design', text('设计', 'Design'), {
        targetMs: hours(120),
        calendar: office,
        department: 'Engineering',
        stallAfterMs: hours(40),
        targets: [{ when: { product: ['standard-*'] }, targetMs: hours(40) }],
      }),
      stage('approval', text('客户会签', 'Approval'), {
        targetMs: days(7),
        department: 'Sales',
        stallAfterMs: days(3),
        holdReasons: [{ name: text('等客户答复', 'Waiting for the customer'), maxMs: days(30) }],
      }),
      stage('purchasing', text('采购', 'Purchasing'), {
        targetMs: hours(160),
        calendar: office,
        department: 'Purchasing',
        stallAfterMs: hours(40),
        holdReasons: [{ name: text('等进口件', 'Waiting for imported parts'), maxMs: days(60) }],
      }),
      stage('production', text('制造', 'Production'), {
        targetMs: hours(240),
        calendar: shifts,
        department: 'Production',
        warnAtRatio: 0.85,
        stallAfterMs: hours(48),
      }),
      stage('assembly', text('总装', 'Assembly'), {
        targetMs: hours(96),
        calendar: shifts,
        department: 'Assembly',
        stallAfterMs: hours(32),
        holdReasons: [{ name: text('缺件', 'Parts missing'), maxMs: days(20) }],
      }),
      stage('factory-test', text('出厂验收', 'FAT'), {
        targetMs: hours(24),
        promiseLeadMs: days(10),
        calendar: office,
        department: 'Quality',
        stallAfterMs: hours(16),
      }),
      stage('shipping', text('发运', 'Shipping'), {
        targetMs: days(10),
        department: 'Logistics',
        stallAfterMs: days(4),
      }),
      stage('installation', text('安装', 'Install'), {
        targetMs: days(14),
        department: 'Service',
        stallAfterMs: days(4),
        holdReasons: [{ name: text('现场未就绪', 'Site not ready'), maxMs: days(60) }],
      }),
      lastStage('accepted', text('终验收', 'Accepted')),
    ],
    paths: [
      { from: 'design', to: 'purchasing', name: text('标准机免会签', 'Standard machine') },
      { from: 'approval', to: 'design', name: text('修改设计', 'Design change'), maxTimes: 3 },
      { from: 'factory-test', to: 'assembly', name: text('整改', 'Rework'), maxTimes: 2 },
    ],
    acceptsNewStages: false,
    goals: { onTimeRatio: 0.9, leadTimeMs: days(120) },
  },
  calendars: [officeHours, twoShifts],
  sample: {
    ordersPerDay: 3,
    pace: {
      contract: { medianHours: 12 },
      design: { medianHours: 62, sigma: 0.5 },
      approval: { medianHours: 90, sigma: 0.6 },
      purchasing: { medianHours: 105 },
      production: { medianHours: 170, sigma: 0.35 },
      assembly: { medianHours: 62 },
      'factory-test': { medianHours: 13, sigma: 0.5 },
      shipping: { medianHours: 130, sigma: 0.4 },
      installation: { medianHours: 180, sigma: 0.5 },
    },
    paths: { 'design>purchasing': 0.4, 'approval>design': 0.2, 'factory-test>assembly': 0.15 },
    products: ['standard-press', 'packing line', 'robot cell'],
    customers: ['Dongfang Tyre', 'Alpenmilch', 'Sanyuan Foods'],
  },
}
