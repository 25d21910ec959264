#include "arch/cpu.h"
#include "arch/uart.h"
#include "test/test.h"

/* The fourth serial port of a PC, which no machine here has. */
static const enum uart nowhere = (enum uart)0x2e8;

/* Each of its ports reads as all ones, and that would say, among others, that there is input without end. */
TEST(a_uart_that_is_not_there_has_no_input)
{
        uint8_t bytes[16];

        CHECK(port_read8(nowhere + 5) == 0xff);
        CHECK(!uart_has_input(nowhere));
        CHECK(!uart_read(nowhere, bytes, sizeof bytes));
}

TEST(bytes_to_a_uart_that_is_not_there_are_taken_and_lost)
{
        uart_write(nowhere, "lost", 4);
        CHECK(uart_is_empty(nowhere));
}
