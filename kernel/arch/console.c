#include "arch/uart.h"
#include "lib/printf.h"

void console_write(const char *text, size_t length)
{
        uart_write(UART_CONSOLE, text, length);
}
