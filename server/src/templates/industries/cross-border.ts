import { days, hours, lastStage, officeHours, stage, text, warehouseHours } from '../building-blocks.ts'
import type { ProcessTemplate } from '../process-template.ts'

const office = officeHours.code
const warehouse = warehouseHours.code
const express = { priority: ['express'] }

export const crossBorder: ProcessTemplate = {
  name: text('跨境电商', 'Cross-border e-commerce'),
  description: text(
    '多平台店铺：风控、拣货、打包、当日交运、清关、尾程派送。',
    'Shops that sell abroad: risk check, picking, packing, same-day handover, customs, last mile.',
  ),
  process: {
    code: 'cross-border',
    name: text('跨境订单', 'Cross-border order'),
    stages: [
      stage('paid', text('已付款', 'Paid'), {
        targetMs: hours(1),
        calendar: warehouse,
        department: 'Customer service',
        stallAfterMs: hours(4),
      }),
      stage('risk', text('风控', 'Risk'), {
        targetMs: hours(4),
        calendar: office,
        department: 'Customer service',
        stallAfterMs: hours(4),
        holdReasons: [
          { name: text('等买家确认地址', 'Waiting for the address'), maxMs: days(3) },
          { name: text('等平台审核', 'Waiting for the marketplace'), maxMs: days(5) },
        ],
      }),
      stage('picking', text('拣货', 'Picking'), {
        targetMs: hours(6),
        calendar: warehouse,
        department: 'Warehouse',
        stallAfterMs: hours(6),
        targets: [{ when: express, targetMs: hours(2) }],
        holdReasons: [{ name: text('缺货', 'Out of stock'), maxMs: days(7) }],
      }),
      stage('packing', text('打包', 'Packing'), {
        targetMs: hours(3),
        calendar: warehouse,
        department: 'Warehouse',
        stallAfterMs: hours(4),
        targets: [{ when: express, targetMs: hours(1) }],
      }),
      stage('handover', text('交运', 'Handover'), {
        cutOff: { enterBy: '14:00', leaveBy: '16:00' },
        calendar: warehouse,
        department: 'Warehouse',
        stallAfterMs: hours(12),
      }),
      stage('export', text('出口清关', 'Export'), {
        targetMs: days(2),
        department: 'Logistics',
        stallAfterMs: days(1),
      }),
      stage('line-haul', text('干线', 'Line haul'), {
        targetMs: days(6),
        department: 'Logistics',
        stallAfterMs: days(3),
        targets: [{ when: express, targetMs: days(3) }],
      }),
      stage('import', text('进口清关', 'Import'), {
        targetMs: days(2),
        department: 'Logistics',
        stallAfterMs: days(1),
        holdReasons: [{ name: text('海关查验', 'Customs inspection'), maxMs: days(10) }],
      }),
      stage('last-mile', text('尾程', 'Last mile'), {
        targetMs: days(4),
        promiseLeadMs: 0,
        department: 'Logistics',
        stallAfterMs: days(2),
      }),
      lastStage('delivered', text('妥投', 'Delivered')),
    ],
    paths: [{ from: 'paid', to: 'picking', name: text('免风控', 'Known buyer') }],
    acceptsNewStages: false,
    goals: { onTimeRatio: 0.93, leadTimeMs: days(14) },
  },
  calendars: [officeHours, warehouseHours],
  sample: {
    ordersPerDay: 60,
    pace: {
      paid: { medianHours: 0.3 },
      risk: { medianHours: 1.8 },
      picking: { medianHours: 3.4, sigma: 0.5 },
      packing: { medianHours: 1.4 },
      handover: { medianHours: 3 },
      export: { medianHours: 26, sigma: 0.4 },
      'line-haul': { medianHours: 105, sigma: 0.3 },
      import: { medianHours: 24, sigma: 0.6 },
      'last-mile': { medianHours: 58, sigma: 0.4 },
    },
    paths: { 'paid>picking': 0.7 },
    products: ['lamp', 'phone case', 'yoga mat', 'kettle', 'backpack'],
    customers: ['amazon-us', 'amazon-de', 'shopify', 'tiktok-shop'],
  },
}
