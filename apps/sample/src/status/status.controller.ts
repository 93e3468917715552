import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { StatusReader, type Status } from './status.reader.js';

/** The state that the page shows beside the form. */
@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(private readonly reader: StatusReader) {}

  @Get()
  @ApiOperation({ summary: 'Spending against the budget, circuit and latch; costs nothing' })
  read(): Promise<Status> {
    return this.reader.read();
  }
}
