import { expect, test } from 'vitest';
import type { Courier } from './shipment.ts';
import { trackingUrl } from './tracking-url.ts';

test.each<[Courier, string, string]>([
  [
    'brt',
    '066061651641',
    'https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz=066061651641',
  ],
  [
    'brt',
    '066010001100001',
    'https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&ChiSono=066010001100001',
  ],
  [
    'gls',
    'M1 610123456',
    'https://www.gls-italy.com/index.php?option=com_gls&view=track_e_trace&mode=search&diretto=yes&locpartenza=M1&numsped=610123456',
  ],
  [
    'gls',
    '610123456',
    'https://www.gls-italy.com/index.php?option=com_gls&view=track_e_trace&mode=search&diretto=yes&locpartenza=&numsped=610123456',
  ],
  ['dhl', 'JD014600003SE', 'https://www.dhl.com/it-it/home/tracking.html?tracking-id=JD014600003SE'],
  ['poste', '1UW000001', 'https://www.poste.it/cerca/index.html#/risultati-spedizioni/1UW000001'],
  ['ups', '1Z0001', 'https://www.ups.com/track?loc=it_IT&tracknum=1Z0001'],
])('%s follows %s on its own page', (courier, number, url) => {
  expect(trackingUrl({ courier }, number)).toBe(url);
});

test('a number cannot lead the address elsewhere', () => {
  expect(trackingUrl({ courier: 'ups' }, '1Z&loc=x#y')).toBe(
    'https://www.ups.com/track?loc=it_IT&tracknum=1Z%26loc%3Dx%23y',
  );
});

test('of a courier that nobody can ask the address is the one a person entered, or none', () => {
  const entered = 'https://carrier.example/follow/7';
  expect(trackingUrl({ courier: 'manual', trackingUrl: entered }, '7')).toBe(entered);
  expect(trackingUrl({ courier: 'manual' }, '7')).toBeUndefined();
});
