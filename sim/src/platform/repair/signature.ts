/** A name written by hand with a finger, PNG, base64: 240 x 80, one bit a point. The person is invented. */
export const SIGNATURE = [
  'iVBORw0KGgoAAAANSUhEUgAAAPAAAABQAQAAAAAPMsXRAAABgUlEQVR42u3WvW6DMBAA4EMdGHmD+lHomxmpQ0YeCUsdGPsIIeIFYIqlUl/usP',
  'kzxq3o0CVIiUQ+Gd/5ziaA0QuebC8jozzkEf7EITb6EufyHHdJjAsAxzqQNwBMo7VKPB5IMze3BgCP6Scx3c7PWTNa7lh3q/aNjhuANBTazAL7',
  'Y75jlPGf+SvG1R1jjO2fuD/Dr1NJg9zN/aADTJ02jQ7xqkOCnM2hbfvYcrVEbqgx0+PEDIXxcsjci4ejFWzHelxs98Ceg4lNfD1Zkt/yj91SJB',
  'FW+/3tcWx0AbJf3fp84eCHdMcDjJXOOLou8bmxp4YRzE3jMZdKumZpsdXSTTiynuuox9RrPrV14lgtjdqPXPIcDT8ObJmr1ZrWdDZShOpNOF66',
  'px4/gvNLOT2wZV4ObMsfnEOyO8+F4xu/U5TPhiLOa/rusJMc55YpbZOWxFreAi8LThuYh/w9wJy2yoiN2wtb5rR1hrweIsC1Kxo9Qwa4xO0yhP',
  'j4NXd9/jGx1wPR+pXjye63pwAAAABJRU5ErkJggg==',
].join('');
