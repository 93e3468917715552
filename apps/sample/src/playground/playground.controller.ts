import { Controller, Delete, Get, HttpCode, NotFoundException, Param, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { playgroundIdentities, type PlaygroundIdentity } from './identities.js';
import { MockAdmin } from './mock.admin.js';
import { endTrouble, TROUBLES, type Trouble } from './trouble.table.js';

/** The API of the playground. Not available with real credentials. */
@ApiExcludeController()
@Controller('playground')
export class PlaygroundController {
  constructor(private readonly mock: MockAdmin) {}

  @Get('identities')
  identities(): readonly PlaygroundIdentity[] {
    return playgroundIdentities();
  }

  /** The latest calls at the mock, which masks them. */
  @Get('journal')
  journal(): Promise<unknown> {
    return this.mock.call('GET', 'journal?limit=20');
  }

  @Put('trouble/:name')
  @HttpCode(204)
  async trouble(@Param('name') name: string): Promise<void> {
    if (!Object.hasOwn(TROUBLES, name)) throw new NotFoundException();
    await endTrouble(this.mock);
    await TROUBLES[name as Trouble](this.mock);
  }

  @Delete('trouble')
  @HttpCode(204)
  async calm(): Promise<void> {
    await endTrouble(this.mock);
  }
}
