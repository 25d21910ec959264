#!/usr/bin/env perl
# regionviz html of an early kernel: a list of regions, which may be in no order, has no colours, and no left or right.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record_events);

build("$build/test/trace/test/write_events", "$build/regionviz");

# The list is 0x30000, 0x20000, 0x50000. Then a search goes on at the first two and ends at the third.
open my $story, '>', "$folder/list.story" or die;
print $story <<'END';
0 list_created 1 0x10000 0x90000 nothing
0 space_created 1 1 play
0 region_created 1 heap
0 region_created 2 text
0 region_created 3 stack
0 region_changed 1 0 0 0 0x30000 0x34000 3 0 0
0 region_changed 2 0 0 0 0x20000 0x22000 3 0 0
0 region_changed 3 0 0 0 0x50000 0x51000 3 0 0
0 list_link 1 1 0
0 list_link 1 2 1
0 list_link 1 3 2
0 tree_begin 1 1 0 find 0 0x1000 1 0 0 0x10000 0x90000 0x40000
0 list_visit 1 1 address_right
0 list_visit 1 2 address_right
0 list_visit 1 3 address_left
0 tree_end 1 1 not_found 0 0
0 end 99 0 passed
END
close $story;
my $recording = record_events("$folder/list.story", 'list');
is system("$build/regionviz html $recording -o $folder/list.html > $folder/words"), 0, 'a page is made';

my ($chromium) = grep { -x } map { ("$_/chromium", "$_/chromium-browser", "$_/google-chrome") } split /:/, $ENV{PATH};
SKIP: {
        skip 'no chromium', 1 unless $chromium;
        my $html = do { local (@ARGV, $/) = "$folder/list.html"; <> };
        open my $out, '>', "$folder/driven.html" or die;
        print $out $html =~ s{</html>}{<script>
const seen = { heading: element('tree-heading').textContent };
go(2);
element('predict').checked = true;
goNext();
seen.choices = [...element('answers').children].map(button => button.textContent);
seen.asked = document.querySelector('#tree .asked .address').textContent;
go(3);
seen.words = [...element('steps').children].map(item => item.textContent);
seen.list = [...document.querySelectorAll('#tree .node')].map(node => node.textContent);
seen.pieces = [...document.querySelectorAll('#space title')].map(title => title.textContent);
document.documentElement.innerHTML = '<body><pre id="result"></pre></body>';
document.getElementById('result').textContent = 'RESULT' + JSON.stringify(seen) + 'END';
</script></html>}r;
        close $out;
        my $command = "'$chromium' --headless --no-sandbox --disable-gpu --user-data-dir=$folder/profile --dump-dom";
        my $dom = qx($command file://$folder/driven.html 2> $folder/chromium.log);
        my ($text) = $dom =~ /RESULT(.*)END/s or skip 'chromium does not run here', 1;
        my $seen = decode_json($text =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&amp;/&/gr);

        is $seen->{heading}, 'List', 'it is called a list';
        is_deeply $seen->{choices}, [ 'it ends here', 'it goes on', 'this one fits', 'this one does not fit' ],
                'predict mode asks whether the search goes on';
        is $seen->{asked}, "20000\x{2013}22000", 'and frames the region that it asks about';
        is join("\n", @{$seen->{words}}), <<'END' =~ s/\n$//r, 'and so say the words of its steps';
1. find begins
2. 30000: ends by 40000: goes on
3. 20000: ends by 40000: goes on
END
        unlike "@{$seen->{list}}", qr/B \x{b7}|black/, 'no region of a list has a colour';
        is join(' ', map { /(heap|text|stack|hole)/ } @{$seen->{pieces}}), 'hole text hole heap hole stack hole',
                'the address space is in address order';
}

done_testing;
