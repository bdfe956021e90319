import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'

/** The names of the texts of messages. A map is needed because keys of locale files must not contain dots. */
export const messageTextNames = {
  'alert.order': 'messages.text.alertOrder',
  'alert.orders': 'messages.text.alertOrders',
  'alert.measure': 'messages.text.alertMeasure',
  'customer.placed': 'messages.text.customerPlaced',
  'customer.entered': 'messages.text.customerEntered',
  'customer.shipped': 'messages.text.customerShipped',
  'customer.held': 'messages.text.customerHeld',
  'customer.completed': 'messages.text.customerCompleted',
  'customer.cancelled': 'messages.text.customerCancelled',
} as const satisfies Record<TextKey, string>
