import type { EventType } from '@stagewatch/shared/domain/order-event.ts'

/** What the types of events mean, in Chinese. */
export const chineseMeanings: Readonly<Record<EventType, string>> = {
  'order.placed': '订单存在。',
  'order.changed': '订单的属性有变；没有给出的字段保持原值。',
  'stage.entered': '订单从此刻起在这个环节。',
  'stage.started': '这个环节开始作业；此前订单在等待。',
  'stage.completed': '订单完成了这个环节。',
  'order.held': '订单挂起，计时暂停。',
  'order.resumed': '挂起结束，计时继续。',
  'order.assigned': '指定订单的责任人；不算进展。',
  'order.acknowledged': '有人（`actor`）看到了订单的状况并负责处理；不算进展。',
  'order.completed': '订单完成。',
  'order.cancelled': '订单取消，没有做完。',
  'complaint.filed': '投诉；不改变环节的情况。',
  'note.added': '备注；`reason` 和 `waitingFor` 说明订单在等什么。',
  'position.reported': '订单所在的位置；不改变环节的情况，但对预警规则来说是承运商的新消息。',
  'event.voided': '撤回一条事件：所有数字都如同它从未发送过。',
}

/** Descriptions of the schema of events, in Chinese. */
const chineseDescriptions: Readonly<Record<string, string>> = {
  'the system that says it': '上报的系统',
  'unique within the source': '在该来源内唯一',
  'who did it': '操作人',
  "the source's own order of events of the same instant; no part of the content":
    '来源自己对同一时刻的事件的排序；不属于事件内容',
  'class of the customer, which targets may depend on': '客户等级，时限可以因它而不同',
  'ISO 4217 code of the amount': '金额的币种，ISO 4217 代码',
  'the date given to the customer': '承诺客户的交期',
  'code of the process that the order passes': '订单所走流程的代码',
  'number by which the carrier knows the parcel': '承运商的运单号',
  'the order may be at work in several stages at once: the event says nothing of the others':
    '订单可以同时在几个环节：事件不影响其他环节',
  'which of several concurrent activities of the stage it belongs to; else the first that began ends first':
    '属于该环节并行活动中的哪一个；不给出时，最先开始的最先结束',
  'when the order came to the stage; of concurrent activities': '进入环节的时刻；用于并行活动',
  'it ended without being done; of concurrent activities': '没有做完就结束；用于并行活动',
  'when work in the stage began': '环节中作业开始的时刻',
  'when the hold ends by itself': '挂起自动结束的时刻',
  'an activity was suspended: the hold ends with the next concurrent one that begins or ends':
    '某个活动被中断：下一个并行活动开始或结束时，挂起结束',
  'changes the hold that goes on, which without `until` has no end any more, and begins none':
    '更改当前的挂起，不开始新的；没有 `until` 时不再有计划的结束时刻',
  'which of several concurrent activities is meant; left out: the one that began last':
    '指并行活动中的哪一个；不给出时为最后开始的',
}

/** @throws if the schema says something that has no Chinese text. */
export function chineseDescription(english: string): string {
  if (english === '') return ''
  const found = chineseDescriptions[english]
  if (found === undefined) throw new Error(`add the Chinese text of "${english}" to chinese-texts.ts`)
  return found
}

/** Titles of known exports whose programs have no Chinese name. */
export const chineseExports: Readonly<Record<string, string>> = {
  'pm4py, event log as CSV': 'pm4py，CSV 事件日志',
  'Fluxicon Disco, event log as CSV': 'Fluxicon Disco，CSV 事件日志',
  'Celonis, activity table': 'Celonis，活动表',
  'UiPath Process Mining, Event_log': 'UiPath Process Mining，Event_log',
  'Apromore, event log as CSV': 'Apromore，CSV 事件日志',
  'Shopify, orders': 'Shopify，订单',
  'WooCommerce, orders': 'WooCommerce，订单',
  'Amazon, all orders (flat file)': '亚马逊，全部订单（文本文件）',
  'Amazon, unshipped orders (flat file)': '亚马逊，未发货订单（文本文件）',
  'Odoo, sales orders': 'Odoo，销售订单',
  'ERPNext, sales orders': 'ERPNext，销售订单',
  'SAP, sales documents (VBAK)': 'SAP，销售凭证（VBAK）',
  'SAP, change documents (CDHDR)': 'SAP，更改凭证（CDHDR）',
}
