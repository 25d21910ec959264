/*
 * least: does nothing, successfully: the smallest program, without constants and data.
 */
#include "user/lib/user.h"

int main([[maybe_unused]] const char *argument, [[maybe_unused]] struct file file)
{
        return 0;
}
