const [minuteMs, hourMs] = [60_000, 3_600_000]

/** Events of kinds that `plantHistory` does not have, of sources and orders with texts in Chinese and with quotes. */
export function moreEvents(now: number): Record<string, unknown>[] {
  const begun = now - 26 * hourMs
  const event = (source: string, id: string, type: string, order: string, minutes: number, more: object = {}) => ({
    source,
    id,
    type,
    order,
    occurredAt: new Date(begun + minutes * minuteMs).toISOString(),
    ...more,
  })
  const concurrent = { concurrent: true }
  const chinese = '订单 "七"'
  return [
    // Two activities of one stage at once, one of another, and one that was abandoned.
    event('mes/一号', '1', 'stage.entered', 'C-1', 0, { stage: 'picking', data: { ...concurrent, instance: 'a' } }),
    event('mes/一号', '2', 'stage.entered', 'C-1', 10, { stage: 'picking', data: { ...concurrent, instance: 'b' } }),
    event('mes/一号', '3', 'stage.started', 'C-1', 20, { stage: 'packing', data: concurrent }),
    event('mes/一号', '4', 'stage.completed', 'C-1', 90, { stage: 'picking', data: { ...concurrent, instance: 'a' } }),
    event('mes/一号', '5', 'stage.completed', 'C-1', 95, {
      stage: 'picking',
      data: { ...concurrent, instance: 'b', abandoned: true },
    }),
    event('mes/一号', '6', 'stage.completed', 'C-1', 130, {
      stage: 'shipping',
      data: { ...concurrent, enteredAt: new Date(begun + 100 * minuteMs).toISOString() },
    }),
    event('wms', '七-1', 'order.placed', chinese, 0, {
      actor: '王"芳"',
      data: {
        customer: '佛山 "五金" 二厂，\n城南',
        product: '=SUM(A1)',
        promisedAt: new Date(now + 5 * hourMs).toISOString(),
        waybill: "'0012",
        department: '销售部',
        priority: '急',
        batch: { lines: [1, 2.5, 'x'], note: '自定义' },
      },
    }),
    event('wms', '七-2', 'stage.entered', chinese, 0, { stage: 'picking', sequence: 7 }),
    event('wms', '七-3', 'stage.completed', chinese, 60, {
      stage: 'picking',
      data: { startedAt: new Date(begun + 30 * minuteMs).toISOString() },
    }),
    event('wms', '七-4', 'order.assigned', chinese, 61, { data: { owner: 'li.ming' } }),
    event('wms', '七-5', 'order.acknowledged', chinese, 62, { actor: 'li.ming', data: { reason: '已知' } }),
    event('wms', '七-6', 'stage.entered', chinese, 70, { stage: 'packing' }),
    event('wms', '七-7', 'complaint.filed', chinese, 80, { data: { text: '包装破损' } }),
    event('wms', '七-8', 'position.reported', chinese, 85, { data: { place: '广州' } }),
    // Held until an instant, on an order that rows do not compare.
    event('wms', 'C-2-1', 'stage.entered', 'C-2', 0, { stage: 'packing' }),
    event('wms', 'C-2-2', 'order.held', 'C-2', 30, {
      data: { reason: '等料', until: new Date(begun + 300 * minuteMs).toISOString() },
    }),
    // The same id in two sources, and a void that comes hours later and is itself taken back.
    event('erp', '七-1', 'stage.entered', 'SO-same', 5, { stage: 'picking' }),
    event('erp', 'late-note', 'note.added', 'SO-same', 10, { data: { comment: 'x' } }),
    event('erp', 'late-void', 'event.voided', 'SO-same', 1_000, { data: { source: 'erp', id: 'late-note' } }),
    event('erp', 'kept', 'stage.entered', 'SO-same', 60, { stage: 'packing' }),
    event('erp', 'void-of-kept', 'event.voided', 'SO-same', 1_100, { data: { source: 'erp', id: 'kept' } }),
    event('erp', 'void-of-void', 'event.voided', 'SO-same', 1_200, { data: { source: 'erp', id: 'void-of-kept' } }),
  ]
}
