#include "task/console.h"
#include "arch/uart.h"
#include "task/pipe.h"

/* A pipe whose writer is the machine. What comes when it is full is lost. */
static char room[PAGE_SIZE];
static struct pipe typed = PIPE_WITH(room);

void console_poll(void)
{
        char bytes[16];
        pipe_offer(&typed, bytes, uart_read(UART_CONSOLE, bytes, sizeof bytes));
}

struct error console_read(void *bytes, size_t most, size_t *count)
{
        return pipe_read(&typed, bytes, most, count);
}
