#include "arch/uart.h"
#include "lib/environment.h"
#include "sync/spinlock.h"

static struct spinlock console_lock = SPINLOCK(LOCK_CONSOLE);

static void write_locked(const char *text, size_t length) REQUIRES(console_lock)
{
        uart_write(UART_CONSOLE, text, length);
}

/* The lock keeps the text of one call together, whatever other processors write. */
void console_write(const char *text, size_t length)
{
        spinlock_acquire(&console_lock);
        write_locked(text, length);
        spinlock_release(&console_lock);
}
