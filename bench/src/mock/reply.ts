/** The reply of every peer: that of the mock for the first person of its population. */
export const REPLY = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"AAAAAAAA0000000001"}';

export const PATH = '/communication/personal/1979';

export const QUESTION = 'name=%E6%B5%8B%E8%AF%95%E7%94%B2&idcard=110101190001010014&mobile=16000020001';
