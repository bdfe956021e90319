import type { Shift } from './plant-time.ts'
import type { NonEmpty } from './random-source.ts'

/** The staff of a department, by shift. Invented names. */
export interface Department {
  readonly name: string
  readonly people: Readonly<Record<Shift, NonEmpty<string>>>
}

export const departments = {
  sales: {
    name: '销售部',
    people: { day: ['刘洋', '宋佳', '邓婷'], evening: ['何静'], night: ['曹阳'] },
  },
  finance: {
    name: '商务部',
    people: { day: ['周颖', '许文', '沈洁'], evening: ['韩雪', '冯刚'], night: ['袁野'] },
  },
  purchasing: {
    name: '采购部',
    people: { day: ['王磊', '唐敏', '徐凯', '彭娟'], evening: ['梁博'], night: ['薛峰'] },
  },
  planning: {
    name: '计划部',
    people: { day: ['郭涛', '谢芳', '潘伟'], evening: ['董洁', '余洋'], night: ['杜鹏'] },
  },
  production: {
    name: '生产部',
    people: {
      day: ['张建国', '马强', '吴刚', '罗斌', '孙志军'],
      evening: ['朱勇', '胡海', '林波', '高翔'],
      night: ['黄河', '郑凯', '田军'],
    },
  },
  quality: {
    name: '质检部',
    people: { day: ['李敏', '陈晨', '蒋欣', '蔡琳'], evening: ['贾楠', '魏然', '夏冰'], night: ['钟毅', '姜宁'] },
  },
  warehouse: {
    name: '仓储部',
    people: { day: ['孙涛', '范磊', '石勇'], evening: ['姚远', '邵华'], night: ['汪洋'] },
  },
  logistics: {
    name: '物流部',
    people: { day: ['赵强', '秦川', '孟飞'], evening: ['白宇', '崔浩'], night: ['康健'] },
  },
  carriers: {
    name: '承运商',
    people: { day: ['老吴', '小顾', '老戴'], evening: ['老钱', '阿龙'], night: ['老常', '阿明'] },
  },
  service: {
    name: '客服部',
    people: { day: ['叶青', '苏梅', '程悦'], evening: ['方圆'], night: ['江山'] },
  },
} as const satisfies Record<string, Department>
