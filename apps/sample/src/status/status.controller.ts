import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AnswerHistory, type PastAnswer } from '../observation/answer.history.js';
import { StatusReader, type Status } from './status.reader.js';

/** The state that the page shows beside the form. */
@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(
    private readonly reader: StatusReader,
    private readonly history: AnswerHistory,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Spending against the budget, circuit and latch; costs nothing · 花费、预算、熔断和账户闸门，不产生费用',
  })
  read(): Promise<Status> {
    return this.reader.read();
  }

  /** For back offices: whether an answer came from the ledger must not reach the applicant of a guarded route. */
  @Get('answers')
  @ApiOperation({
    summary:
      'The last 50 answers of this process, with phases and attempts, and without a person · 最近 50 次结果，含各步骤与尝试，不含身份',
  })
  @ApiQuery({ name: 'after', required: false, schema: { type: 'integer', minimum: 0, default: 0 } })
  answers(@Query('after') after = '0'): { readonly answers: readonly PastAnswer[] } {
    return { answers: this.history.after(/^\d{1,15}$/.test(after) ? Number(after) : 0) };
  }
}
