const texts = {
  invitation: {
    subject: 'Stagewatch 邀请 · Invitation to Stagewatch',
    zh: '您被邀请加入 Stagewatch。请在 7 天内打开以下链接完成加入：',
    en: 'You are invited to Stagewatch. Open this link within 7 days to join:',
    zhOtherwise: '如果您不认识邀请人，请忽略本邮件。',
    enOtherwise: 'If you know nothing of this, ignore this mail.',
  },
  reset: {
    subject: 'Stagewatch 重置密码 · Reset your Stagewatch password',
    zh: '有人请求重置您的 Stagewatch 密码。请在 1 小时内打开以下链接设置新密码：',
    en: 'Somebody asked to reset your Stagewatch password. Open this link within an hour to choose a new one:',
    zhOtherwise: '如果不是您本人操作，请忽略本邮件，密码不会改变。',
    enOtherwise: 'If it was not you, ignore this mail: your password stays as it is.',
  },
} as const

export type MailKind = keyof typeof texts

/** Nobody has said yet which language the reader prefers, so a mail is in both. */
export function mailTexts(kind: MailKind, link: string): { subject: string; text: string } {
  const { subject, zh, en, zhOtherwise, enOtherwise } = texts[kind]
  return { subject, text: [zh, en, '', link, '', zhOtherwise, enOtherwise, ''].join('\n') }
}
