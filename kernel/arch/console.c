#include "arch/uart.h"
#include "lib/printf.h"
#include "sync/spinlock.h"

static struct spinlock console_lock = SPINLOCK(LOCK_CONSOLE);

static void write_locked(const char *text, size_t length) REQUIRES(console_lock)
{
        uart_write(UART_CONSOLE, text, length);
}

/* What is written at once stays together, whatever other processors write. */
void console_write(const char *text, size_t length)
{
        WITH_LOCK(&console_lock, write_locked(text, length));
}
