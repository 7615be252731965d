// Made by scripts/make-places.ts; change that and run it again.

/**
 * ZIP codes in their order: from, to, state and zones (several where a border is near). Codes between two lines are in
 * neither. Lines without a state are those of the forces, who may be anywhere.
 */
export const ZIP_CODES = `
00501-00544 NY America/New_York
00601-00795 PR America/Puerto_Rico
00801-00851 VI America/St_Thomas
00901-00988 PR America/Puerto_Rico
01001-02791 MA America/New_York
02801-02940 RI America/New_York
03031-03897 NH America/New_York
03901-04992 ME America/New_York
05001-05495 VT America/New_York
05501-05544 MA America/New_York
05601-05907 VT America/New_York
06001-06389 CT America/New_York
06390 NY America/New_York
06401-06928 CT America/New_York
07001-08989 NJ America/New_York
09001-09898
10001-14925 NY America/New_York
15001-19640 PA America/New_York
19701-19980 DE America/New_York
20001-20098 DC America/New_York
20101-20199 VA America/New_York
20201-20586 DC America/New_York
20588 MD America/New_York
20590-20597 DC America/New_York
20598 VA America/New_York
20599 DC America/New_York
20601-21930 MD America/New_York
22003-24658 VA America/New_York
24701-26886 WV America/New_York
27006-28909 NC America/New_York
29001-29945 SC America/New_York
30002-30104 GA America/New_York
30105 GA America/New_York America/Chicago
30106-30107 GA America/New_York
30108 GA America/New_York America/Chicago
30109-30112 GA America/New_York
30113 GA America/New_York America/Chicago
30114-30123 GA America/New_York
30124 GA America/Chicago America/New_York
30125 GA America/New_York America/Chicago
30126-30127 GA America/New_York
30129 GA America/New_York America/Chicago
30132-30137 GA America/New_York
30138 GA America/Chicago America/New_York
30139 GA America/New_York
30140 GA America/New_York America/Chicago
30141-30146 GA America/New_York
30147 GA America/New_York America/Chicago
30148 GA America/New_York
30149-30150 GA America/New_York America/Chicago
30151-30161 GA America/New_York
30162-30165 GA America/New_York America/Chicago
30168-30169 GA America/New_York
30170 GA America/New_York America/Chicago
30171 GA America/New_York
30172 GA America/New_York America/Chicago
30173-30175 GA America/New_York
30176 GA America/New_York America/Chicago
30177-30180 GA America/New_York
30182 GA America/New_York America/Chicago
30183-30238 GA America/New_York
30240 GA America/New_York America/Chicago
30241-30260 GA America/New_York
30261 GA America/New_York America/Chicago
30263-30726 GA America/New_York
30728 GA America/New_York America/Chicago
30730-30731 GA America/Chicago America/New_York
30732-30736 GA America/New_York
30738 GA America/New_York America/Chicago
30739-30740 GA America/New_York
30741 GA America/New_York America/Chicago
30742-30746 GA America/New_York
30747 GA America/Chicago America/New_York
30750 GA America/New_York America/Chicago
30751 GA America/New_York
30752-30753 GA America/New_York America/Chicago
30755-30756 GA America/New_York
30757 GA America/New_York America/Chicago
30802-31820 GA America/New_York
31821 GA America/New_York America/Chicago
31822-31832 GA America/New_York
31833 GA America/New_York America/Chicago
31836 GA America/New_York
31901 GA America/New_York America/Chicago
31902 GA America/New_York
31903-31905 GA America/New_York America/Chicago
31906-31917 GA America/New_York
31993 GA America/New_York America/Chicago
31995-31998 GA America/New_York
31999 GA America/New_York America/Chicago
32003-32320 FL America/New_York
32321 FL America/New_York America/Chicago
32322-32323 FL America/New_York
32324 FL America/New_York America/Chicago
32326-32329 FL America/New_York
32330 FL America/New_York America/Chicago
32331-32399 FL America/New_York
32401-32409 FL America/Chicago
32410 FL America/Chicago America/New_York
32411-32420 FL America/Chicago
32421 FL America/Chicago America/New_York
32422-32423 FL America/Chicago
32424 FL America/New_York America/Chicago
32425-32428 FL America/Chicago
32430 FL America/New_York America/Chicago
32431-32448 FL America/Chicago
32449 FL America/New_York America/Chicago
32452-32455 FL America/Chicago
32456-32457 FL America/New_York America/Chicago
32459 FL America/Chicago
32460 FL America/Chicago America/New_York
32461-32464 FL America/Chicago
32465 FL America/New_York America/Chicago
32466-32592 FL America/Chicago
32601-33994 FL America/New_York
34001-34099
34101-34997 FL America/New_York
35004-35957 AL America/Chicago
35958 AL America/Chicago America/New_York
35959-35964 AL America/Chicago
35966 AL America/Chicago America/New_York
35967-35978 AL America/Chicago
35979 AL America/Chicago America/New_York
35980 AL America/Chicago
35981 AL America/Chicago America/New_York
35983-36026 AL America/Chicago
36027 AL America/Chicago America/New_York
36028-36071 AL America/Chicago
36072 AL America/Chicago America/New_York
36075-36261 AL America/Chicago
36262-36263 AL America/Chicago America/New_York
36264-36268 AL America/Chicago
36269 AL America/Chicago America/New_York
36271-36272 AL America/Chicago
36273-36274 AL America/Chicago America/New_York
36275-36277 AL America/Chicago
36278 AL America/Chicago America/New_York
36279 AL America/Chicago
36280 AL America/Chicago America/New_York
36301-36318 AL America/Chicago
36319 AL America/Chicago America/New_York
36320-36371 AL America/Chicago
36373 AL America/Chicago America/New_York
36374-36793 AL America/Chicago
36801-36804 AL America/Chicago America/New_York
36830-36850 AL America/Chicago
36851-36852 AL America/New_York America/Chicago
36853 AL America/Chicago
36854 AL America/New_York America/Chicago
36855 AL America/Chicago America/New_York
36856 AL America/New_York America/Chicago
36858 AL America/Chicago
36859 AL America/New_York America/Chicago
36860-36862 AL America/Chicago
36863 AL America/New_York America/Chicago
36865-36866 AL America/Chicago
36867-36868 AL America/New_York America/Chicago
36869 AL America/Chicago America/New_York
36870 AL America/New_York America/Chicago
36871-36872 AL America/Chicago America/New_York
36874 AL America/New_York America/Chicago
36875 AL America/Chicago America/New_York
36877 AL America/New_York America/Chicago
36879-36925 AL America/Chicago
37010-37301 TN America/Chicago
37302-37303 TN America/New_York
37304 TN America/New_York America/Chicago
37305-37306 TN America/Chicago
37307 TN America/New_York
37308 TN America/New_York America/Chicago
37309-37312 TN America/New_York
37313 TN America/Chicago
37314-37317 TN America/New_York
37318 TN America/Chicago
37320 TN America/New_York
37321 TN America/New_York America/Chicago
37322-37323 TN America/New_York
37324 TN America/Chicago
37325-37326 TN America/New_York
37327-37328 TN America/Chicago
37329 TN America/New_York
37330 TN America/Chicago
37331 TN America/New_York
37332 TN America/New_York America/Chicago
37333 TN America/New_York
37334-37335 TN America/Chicago
37336 TN America/New_York
37337-37338 TN America/Chicago America/New_York
37339 TN America/Chicago
37340 TN America/New_York America/Chicago
37341 TN America/New_York
37342 TN America/Chicago
37343 TN America/New_York America/Chicago
37345 TN America/Chicago
37347 TN America/Chicago America/New_York
37348-37349 TN America/Chicago
37350-37351 TN America/New_York America/Chicago
37352 TN America/Chicago
37353-37354 TN America/New_York
37355-37360 TN America/Chicago
37361 TN America/New_York
37362 TN America/Chicago America/New_York
37363-37364 TN America/New_York
37365-37367 TN America/Chicago
37369-37371 TN America/New_York
37373 TN America/New_York America/Chicago
37374-37376 TN America/Chicago
37377 TN America/New_York America/Chicago
37378 TN America/Chicago
37379 TN America/New_York America/Chicago
37380 TN America/Chicago
37381 TN America/New_York America/Chicago
37382-37383 TN America/Chicago
37384 TN America/New_York America/Chicago
37385 TN America/New_York
37387-37389 TN America/Chicago
37391 TN America/New_York
37394 TN America/Chicago
37396 TN America/New_York America/Chicago
37397-37398 TN America/Chicago
37401-37410 TN America/New_York America/Chicago
37411-37412 TN America/New_York
37414-37415 TN America/New_York America/Chicago
37416 TN America/New_York
37419 TN America/New_York America/Chicago
37421 TN America/New_York
37422-37450 TN America/New_York America/Chicago
37501-37544 TN America/Chicago
37601-37722 TN America/New_York
37723 TN America/New_York America/Chicago
37724-37725 TN America/New_York
37726 TN America/New_York America/Chicago
37727-37732 TN America/New_York
37733 TN America/New_York America/Chicago
37737-37769 TN America/New_York
37770 TN America/New_York America/Chicago
37771-37853 TN America/New_York
37854 TN America/New_York America/Chicago
37857-37871 TN America/New_York
37872 TN America/New_York America/Chicago
37873-37998 TN America/New_York
38001-38503 TN America/Chicago
38504 TN America/New_York America/Chicago
38505-38548 TN America/Chicago
38549 TN America/Chicago America/Kentucky/Monticello
38550-38552 TN America/Chicago
38553 TN America/Chicago America/New_York
38554-38555 TN America/Chicago
38556 TN America/Chicago America/New_York
38557 TN America/Chicago
38558 TN America/Chicago America/New_York
38559-38564 TN America/Chicago
38565 TN America/Chicago America/New_York
38567-38589 TN America/Chicago
38601-39776 MS America/Chicago
39813-39819 GA America/New_York
39823 GA America/Chicago America/New_York
39824-39825 GA America/New_York America/Chicago
39826-39829 GA America/New_York
39832 GA America/Chicago
39834-39836 GA America/New_York
39837 GA America/New_York America/Chicago
39840 GA America/New_York
39841 GA America/New_York America/Chicago
39842 GA America/New_York
39845 GA America/Chicago America/New_York
39846 GA America/New_York
39851 GA America/New_York America/Chicago
39852 GA America/New_York
39854-39859 GA America/New_York America/Chicago
39861 GA America/Chicago
39862-39901 GA America/New_York
40003-40004 KY America/New_York
40006 KY America/Indiana/Indianapolis
40007-40014 KY America/New_York
40018 KY America/Kentucky/Louisville
40019-40023 KY America/New_York
40025 KY America/Kentucky/Louisville
40026 KY America/New_York
40027 KY America/Kentucky/Louisville
40031-40040 KY America/New_York
40041 KY America/Kentucky/Louisville
40045 KY America/Indiana/Indianapolis
40046-40052 KY America/New_York
40055 KY America/Indiana/Indianapolis
40056-40058 KY America/New_York
40059 KY America/Kentucky/Louisville
40060 KY America/New_York America/Chicago
40061-40076 KY America/New_York
40077 KY America/Indiana/Indianapolis
40078 KY America/New_York
40104 KY America/Indiana/Marengo America/Chicago
40107 KY America/New_York
40108 KY America/New_York America/Chicago
40109-40110 KY America/New_York
40111 KY America/Chicago
40115-40117 KY America/New_York America/Chicago
40118 KY America/Kentucky/Louisville
40119 KY America/Chicago
40121-40129 KY America/New_York
40140 KY America/Chicago America/New_York
40142 KY America/New_York America/Chicago
40143 KY America/Chicago
40144-40146 KY America/Chicago America/New_York
40150 KY America/New_York
40152 KY America/Chicago
40153 KY America/Chicago America/New_York
40155 KY America/New_York
40157 KY America/Indiana/Marengo America/Chicago
40159-40160 KY America/New_York
40161 KY America/Indiana/Marengo America/Chicago
40162-40166 KY America/New_York
40170-40171 KY America/Chicago America/Indiana/Marengo
40175 KY America/New_York
40176 KY America/Chicago America/New_York
40177 KY America/Kentucky/Louisville
40178 KY America/Chicago
40201-40243 KY America/Kentucky/Louisville
40245 KY America/New_York
40250-40270 KY America/Kentucky/Louisville
40272 KY America/New_York
40280-40299 KY America/Kentucky/Louisville
40310-41862 KY America/New_York
42001-42464 KY America/Chicago
42501-42564 KY America/New_York
42565 KY America/New_York America/Chicago
42566-42567 KY America/New_York
42602 KY America/Chicago America/Kentucky/Monticello
42603 KY America/Kentucky/Monticello America/Chicago
42629 KY America/Chicago America/New_York
42631 KY America/New_York
42633 KY America/Kentucky/Monticello America/Chicago
42634-42638 KY America/New_York
42642 KY America/New_York America/Chicago
42647-42702 KY America/New_York
42712 KY America/New_York America/Chicago
42713-42715 KY America/Chicago America/New_York
42716 KY America/New_York America/Chicago
42717 KY America/Chicago
42718-42719 KY America/New_York America/Chicago
42720 KY America/Chicago America/New_York
42721-42722 KY America/Chicago
42724 KY America/New_York
42726 KY America/Chicago America/New_York
42728 KY America/New_York America/Chicago
42729-42731 KY America/Chicago
42732 KY America/New_York America/Chicago
42733 KY America/New_York
42740 KY America/New_York America/Chicago
42741-42743 KY America/Chicago America/New_York
42746 KY America/Chicago
42748 KY America/New_York America/Chicago
42749 KY America/Chicago
42753 KY America/New_York America/Chicago
42754-42757 KY America/Chicago America/New_York
42758 KY America/New_York
42759-42762 KY America/Chicago
42764 KY America/Chicago America/New_York
42765 KY America/Chicago
42776 KY America/New_York America/Chicago
42782-42784 KY America/Chicago America/New_York
42788 KY America/New_York America/Chicago
43001-43469 OH America/New_York
43501 OH America/Detroit
43502-43504 OH America/New_York
43505-43506 OH America/Detroit
43510-43516 OH America/New_York
43517-43520 OH America/Detroit
43521-43525 OH America/New_York
43526 OH America/Detroit
43527-43530 OH America/New_York
43531 OH America/Detroit
43532-43535 OH America/New_York
43536 OH America/Detroit
43537-43542 OH America/New_York
43543 OH America/Detroit
43545-43548 OH America/New_York
43549 OH America/Detroit
43550-43553 OH America/New_York
43554 OH America/Detroit
43555 OH America/New_York
43556-43557 OH America/Detroit
43558-43569 OH America/New_York
43570 OH America/Detroit
43571-45999 OH America/New_York
46001-46298 IN America/Indiana/Indianapolis
46301 IN America/Chicago America/Detroit
46302-46303 IN America/Chicago
46304 IN America/Chicago America/Detroit
46307-46345 IN America/Chicago
46346 IN America/Indiana/Knox
46347-46349 IN America/Chicago
46350 IN America/Chicago America/Detroit
46352-46356 IN America/Chicago
46360-46361 IN America/Chicago America/Detroit
46365 IN America/Chicago America/Indiana/Indianapolis
46366 IN America/Indiana/Knox America/Indiana/Winamac
46368 IN America/Chicago
46371 IN America/Detroit America/Chicago
46372-46373 IN America/Chicago
46374 IN America/Indiana/Knox America/Indiana/Winamac
46375-46379 IN America/Chicago
46380 IN America/Chicago America/Indiana/Winamac
46381-46411 IN America/Chicago
46501-46510 IN America/Indiana/Indianapolis
46511-46513 IN America/Indiana/Indianapolis America/Indiana/Knox
46514-46530 IN America/Indiana/Indianapolis
46531-46534 IN America/Indiana/Knox America/Indiana/Indianapolis
46536 IN America/Indiana/Indianapolis
46537 IN America/Indiana/Indianapolis America/Indiana/Knox
46538-46550 IN America/Indiana/Indianapolis
46552 IN America/Indiana/Indianapolis America/Chicago
46553 IN America/Indiana/Indianapolis
46554 IN America/Indiana/Indianapolis America/Chicago
46555-46571 IN America/Indiana/Indianapolis
46572 IN America/Indiana/Indianapolis America/Chicago
46573 IN America/Indiana/Indianapolis
46574 IN America/Indiana/Indianapolis America/Chicago
46580-46702 IN America/Indiana/Indianapolis
46703 IN America/Detroit
46704 IN America/Indiana/Indianapolis
46705-46710 IN America/Detroit
46711-46714 IN America/Indiana/Indianapolis
46721 IN America/Detroit
46723-46725 IN America/Indiana/Indianapolis
46730 IN America/Detroit
46731-46733 IN America/Indiana/Indianapolis
46737-46738 IN America/Detroit
46740-46741 IN America/Indiana/Indianapolis
46742 IN America/Detroit
46743 IN America/New_York
46745 IN America/Indiana/Indianapolis
46746-46747 IN America/Detroit
46748-46750 IN America/Indiana/Indianapolis
46755 IN America/Detroit
46759-46761 IN America/Indiana/Indianapolis
46763 IN America/Detroit
46764-46770 IN America/Indiana/Indianapolis
46771 IN America/Detroit
46772-46774 IN America/Indiana/Indianapolis
46776 IN America/Detroit
46777-46778 IN America/Indiana/Indianapolis
46779 IN America/Detroit
46780 IN America/New_York
46781-46784 IN America/Indiana/Indianapolis
46785-46786 IN America/Detroit
46787 IN America/Indiana/Indianapolis
46788-46789 IN America/Detroit
46791-46792 IN America/Indiana/Indianapolis
46793 IN America/Detroit
46794-46921 IN America/Indiana/Indianapolis
46922 IN America/Indiana/Indianapolis America/Indiana/Knox
46923-46943 IN America/Indiana/Indianapolis
46945 IN America/Indiana/Indianapolis America/Indiana/Knox
46946-46959 IN America/Indiana/Indianapolis
46960 IN America/Indiana/Winamac America/Indiana/Knox
46961-46967 IN America/Indiana/Indianapolis
46968 IN America/Indiana/Winamac America/Indiana/Knox
46970-46995 IN America/Indiana/Indianapolis
46996 IN America/Indiana/Winamac America/Indiana/Knox
46998-47001 IN America/Indiana/Indianapolis
47003 IN America/New_York
47006 IN America/Indiana/Indianapolis
47010-47011 IN America/New_York
47012-47018 IN America/Indiana/Indianapolis
47019-47020 IN America/New_York
47021-47037 IN America/Indiana/Indianapolis
47038 IN America/New_York
47039-47042 IN America/Indiana/Indianapolis
47043 IN America/New_York
47060-47104 IN America/Indiana/Indianapolis
47106-47107 IN America/Kentucky/Louisville
47108 IN America/Indiana/Indianapolis
47110 IN America/Kentucky/Louisville
47111 IN America/Indiana/Indianapolis
47112-47115 IN America/Kentucky/Louisville
47116 IN America/Indiana/Marengo
47117 IN America/Kentucky/Louisville
47118 IN America/Indiana/Marengo
47119-47122 IN America/Kentucky/Louisville
47123 IN America/Indiana/Marengo
47124 IN America/Kentucky/Louisville
47125-47126 IN America/Indiana/Indianapolis
47129-47136 IN America/Kentucky/Louisville
47137 IN America/Indiana/Marengo
47138-47139 IN America/Indiana/Indianapolis
47140 IN America/Indiana/Marengo
47141 IN America/Indiana/Indianapolis
47142 IN America/Kentucky/Louisville America/Chicago
47143 IN America/Indiana/Indianapolis
47144 IN America/Kentucky/Louisville
47145 IN America/Indiana/Marengo
47146 IN America/Kentucky/Louisville
47147 IN America/Indiana/Indianapolis
47150-47161 IN America/Kentucky/Louisville
47162-47163 IN America/Indiana/Indianapolis
47164 IN America/Kentucky/Louisville
47165 IN America/Indiana/Indianapolis
47166 IN America/Kentucky/Louisville
47167-47170 IN America/Indiana/Indianapolis
47172 IN America/Kentucky/Louisville
47174-47175 IN America/Indiana/Marengo
47177 IN America/Indiana/Indianapolis
47190-47199 IN America/Kentucky/Louisville
47201-47223 IN America/Indiana/Indianapolis
47224 IN America/New_York
47225-47388 IN America/Indiana/Indianapolis
47390 IN America/New_York
47392-47490 IN America/Indiana/Indianapolis
47501 IN America/Indiana/Vincennes
47512 IN America/Indiana/Vincennes America/Chicago
47513 IN America/Indiana/Marengo
47514 IN America/Indiana/Marengo America/Indiana/Tell_City
47515 IN America/Indiana/Marengo America/Chicago
47516 IN America/Indiana/Vincennes America/Chicago
47519 IN America/Indiana/Vincennes
47520 IN America/Chicago America/Indiana/Marengo
47521-47522 IN America/Indiana/Vincennes
47523 IN America/Chicago America/Indiana/Vincennes
47524 IN America/Indiana/Vincennes America/Chicago
47525 IN America/Indiana/Marengo America/Indiana/Tell_City
47527-47529 IN America/Indiana/Vincennes
47531 IN America/Chicago America/Indiana/Marengo
47532 IN America/Indiana/Vincennes America/Chicago
47535 IN America/Indiana/Vincennes
47536 IN America/Chicago America/Indiana/Marengo
47537 IN America/Chicago America/Indiana/Vincennes
47541-47542 IN America/Indiana/Vincennes America/Chicago
47545-47549 IN America/Indiana/Vincennes
47550 IN America/Chicago
47551 IN America/Indiana/Marengo America/Indiana/Tell_City
47552 IN America/Chicago America/Indiana/Vincennes
47553 IN America/Indiana/Vincennes
47556 IN America/Chicago America/Indiana/Vincennes
47557 IN America/Indiana/Vincennes America/Chicago
47558 IN America/Indiana/Vincennes
47561 IN America/Indiana/Vincennes America/Chicago
47562-47564 IN America/Indiana/Vincennes
47567 IN America/Indiana/Vincennes America/Chicago
47568 IN America/Indiana/Vincennes
47573 IN America/Indiana/Vincennes America/Chicago
47574 IN America/Chicago America/Indiana/Marengo
47575 IN America/Indiana/Vincennes America/Indiana/Tell_City
47576 IN America/Indiana/Marengo America/Indiana/Tell_City
47577 IN America/Indiana/Tell_City America/Indiana/Marengo
47578 IN America/Indiana/Vincennes
47579 IN America/Chicago America/Indiana/Vincennes
47580-47581 IN America/Indiana/Vincennes
47584 IN America/Indiana/Petersburg America/Chicago
47585 IN America/Indiana/Vincennes America/Chicago
47586 IN America/Indiana/Tell_City America/Indiana/Marengo
47588 IN America/Chicago America/Indiana/Marengo
47590 IN America/Indiana/Vincennes
47591 IN America/Indiana/Vincennes America/Chicago
47596-47597 IN America/Indiana/Vincennes
47598 IN America/Indiana/Petersburg
47601-47612 IN America/Chicago
47613 IN America/Indiana/Petersburg America/Chicago
47614 IN America/Chicago America/Indiana/Vincennes
47615-47618 IN America/Chicago
47619 IN America/Chicago America/Indiana/Vincennes
47620-47635 IN America/Chicago
47637 IN America/Chicago America/Indiana/Vincennes
47638-47639 IN America/Chicago
47640 IN America/Chicago America/Indiana/Vincennes
47647 IN America/Indiana/Petersburg America/Chicago
47648-47649 IN America/Chicago America/Indiana/Petersburg
47654-47660 IN America/Indiana/Petersburg America/Chicago
47665 IN America/Chicago
47666 IN America/Chicago America/Indiana/Vincennes
47670 IN America/Chicago America/Indiana/Petersburg
47683 IN America/Indiana/Petersburg America/Chicago
47701-47750 IN America/Chicago
47801-47802 IN America/Indiana/Indianapolis America/Chicago
47803 IN America/Indiana/Indianapolis
47804 IN America/Indiana/Indianapolis America/Chicago
47805 IN America/Indiana/Indianapolis
47807-47812 IN America/Indiana/Indianapolis America/Chicago
47830 IN America/Indiana/Indianapolis
47831 IN America/Indiana/Indianapolis America/Chicago
47832-47841 IN America/Indiana/Indianapolis
47842 IN America/Indiana/Indianapolis America/Chicago
47845-47846 IN America/Indiana/Indianapolis
47847 IN America/Indiana/Indianapolis America/Chicago
47848 IN America/Indiana/Indianapolis
47849-47850 IN America/Indiana/Indianapolis America/Chicago
47851-47853 IN America/Indiana/Indianapolis
47854 IN America/Indiana/Indianapolis America/Chicago
47855-47860 IN America/Indiana/Indianapolis
47861-47863 IN America/Indiana/Indianapolis America/Chicago
47864-47868 IN America/Indiana/Indianapolis
47869-47870 IN America/Indiana/Indianapolis America/Chicago
47871-47874 IN America/Indiana/Indianapolis
47875 IN America/Chicago America/Indiana/Indianapolis
47876 IN America/Indiana/Indianapolis America/Chicago
47878-47879 IN America/Indiana/Indianapolis
47880 IN America/Indiana/Indianapolis America/Chicago
47881-47882 IN America/Indiana/Indianapolis
47884-47885 IN America/Indiana/Indianapolis America/Chicago
47901-47916 IN America/Indiana/Indianapolis
47917 IN America/Indiana/Indianapolis America/Chicago
47918-47921 IN America/Indiana/Indianapolis
47922 IN America/Chicago America/Indiana/Indianapolis
47923-47926 IN America/Indiana/Indianapolis
47928 IN America/Chicago America/Indiana/Indianapolis
47929-47930 IN America/Indiana/Indianapolis
47932 IN America/Indiana/Indianapolis America/Chicago
47933-47941 IN America/Indiana/Indianapolis
47942 IN America/Indiana/Indianapolis America/Chicago
47943 IN America/Chicago
47944 IN America/Indiana/Indianapolis
47946-47948 IN America/Indiana/Indianapolis America/Chicago
47949-47950 IN America/Indiana/Indianapolis
47951 IN America/Chicago America/Indiana/Indianapolis
47952 IN America/Indiana/Indianapolis America/Chicago
47954-47955 IN America/Indiana/Indianapolis
47957 IN America/Indiana/Winamac America/Indiana/Knox
47958 IN America/Indiana/Indianapolis
47959 IN America/Indiana/Indianapolis America/Chicago
47960-47962 IN America/Indiana/Indianapolis
47963-47964 IN America/Chicago
47965 IN America/Indiana/Indianapolis
47966 IN America/Indiana/Indianapolis America/Chicago
47967-47971 IN America/Indiana/Indianapolis
47974 IN America/Chicago America/Indiana/Indianapolis
47975 IN America/Indiana/Indianapolis
47977-47978 IN America/Chicago America/Indiana/Indianapolis
47980 IN America/Indiana/Indianapolis America/Chicago
47981 IN America/Indiana/Indianapolis
47982 IN America/Indiana/Indianapolis America/Chicago
47983-47990 IN America/Indiana/Indianapolis
47991 IN America/Indiana/Indianapolis America/Chicago
47992-47994 IN America/Indiana/Indianapolis
47995 IN America/Indiana/Indianapolis America/Chicago
47996-47997 IN America/Indiana/Indianapolis
48002-49115 MI America/Detroit
49116-49117 MI America/Detroit America/Chicago
49119-49127 MI America/Detroit
49128-49129 MI America/Detroit America/Chicago
49130-49799 MI America/Detroit
49801-49802 MI America/Menominee
49805-49806 MI America/Detroit
49807 MI America/Menominee America/Detroit
49808 MI America/Detroit
49812 MI America/Menominee
49814 MI America/Detroit America/Menominee
49815 MI America/Menominee America/Detroit
49816-49817 MI America/Detroit
49818 MI America/Menominee America/Detroit
49819 MI America/Detroit America/Menominee
49820 MI America/Detroit
49821 MI America/Menominee
49822-49827 MI America/Detroit
49829 MI America/Detroit America/Menominee
49831 MI America/Menominee America/Detroit
49833 MI America/Detroit
49834 MI America/Menominee America/Detroit
49835-49836 MI America/Detroit
49837 MI America/Detroit America/Menominee
49838-49841 MI America/Detroit
49845 MI America/Menominee America/Detroit
49847-49848 MI America/Menominee
49849 MI America/Detroit America/Menominee
49852 MI America/Menominee
49853-49855 MI America/Detroit
49858 MI America/Menominee
49861 MI America/Detroit America/Menominee
49862 MI America/Detroit
49863 MI America/Menominee
49864-49865 MI America/Detroit
49866 MI America/Detroit America/Menominee
49868 MI America/Detroit
49870 MI America/Chicago
49871-49872 MI America/Detroit America/Menominee
49873 MI America/Menominee America/Detroit
49874 MI America/Menominee
49876 MI America/Chicago
49877 MI America/Menominee America/Detroit
49878 MI America/Detroit
49879 MI America/Menominee America/Detroit
49880 MI America/Detroit
49881 MI America/Menominee America/Detroit
49883-49885 MI America/Detroit
49886-49887 MI America/Menominee
49891 MI America/Detroit
49892-49893 MI America/Menominee
49894 MI America/Detroit America/Menominee
49895 MI America/Detroit
49896 MI America/Menominee
49901 MI America/Detroit
49902 MI America/Detroit America/Chicago
49903-49908 MI America/Detroit
49910 MI America/Detroit America/Menominee
49911 MI America/Menominee
49912-49913 MI America/Detroit
49915 MI America/Detroit America/Chicago
49916-49922 MI America/Detroit
49925 MI America/Detroit America/Menominee
49927 MI America/Detroit America/Chicago
49929-49935 MI America/Detroit
49938 MI America/Menominee
49942-49946 MI America/Detroit
49947 MI America/Menominee America/Detroit
49948-49958 MI America/Detroit
49959 MI America/Menominee
49960-49967 MI America/Detroit
49968-49969 MI America/Menominee America/Detroit
49970-49971 MI America/Detroit
50001-52809 IA America/Chicago
53001-54120 WI America/Chicago
54121 WI America/Chicago America/Detroit
54123-54245 WI America/Chicago
54246 WI America/Chicago America/Detroit
54247-54517 WI America/Chicago
54519 WI America/Chicago America/Detroit
54520-54541 WI America/Chicago
54542 WI America/Chicago America/Detroit
54543-54552 WI America/Chicago
54554 WI America/Chicago America/Detroit
54555-54990 WI America/Chicago
55001-55604 MN America/Chicago
55606 MN America/Chicago America/Detroit
55607-56762 MN America/Chicago
56901-56972 DC America/New_York
57001-57481 SD America/Chicago
57501 SD America/Chicago America/Denver
57520 SD America/Chicago
57521 SD America/Chicago America/Denver
57522-57531 SD America/Chicago
57532 SD America/Chicago America/Denver
57533-57536 SD America/Chicago
57537 SD America/Denver
57538-57541 SD America/Chicago
57543 SD America/Denver
57544 SD America/Chicago
57547 SD America/Denver America/Chicago
57548 SD America/Chicago
57551 SD America/Denver
57552 SD America/Denver America/Chicago
57553 SD America/Denver
57555-57559 SD America/Chicago
57560 SD America/Chicago America/Denver
57562-57566 SD America/Chicago
57567 SD America/Denver
57568-57572 SD America/Chicago
57574 SD America/Denver
57576 SD America/Chicago
57577 SD America/Denver
57579-57585 SD America/Chicago
57601 SD America/Denver America/Chicago
57620-57630 SD America/Denver
57631 SD America/Chicago America/Denver
57632 SD America/Chicago
57633-57641 SD America/Denver
57642 SD America/Denver America/Chicago
57644-57645 SD America/Denver
57646 SD America/Chicago
57648 SD America/Chicago America/Denver
57649-57658 SD America/Denver
57659 SD America/Denver America/Chicago
57660-57799 SD America/Denver
58001-58507 ND America/Chicago
58520 ND America/Denver
58521 ND America/Chicago
58523 ND America/North_Dakota/Beulah
58524-58528 ND America/Chicago
58529 ND America/Denver
58530-58532 ND America/Chicago
58533 ND America/Denver
58535 ND America/Denver America/North_Dakota/New_Salem
58538 ND America/Chicago
58540 ND America/North_Dakota/Beulah
58541 ND America/North_Dakota/Beulah America/Denver
58542-58544 ND America/Chicago
58545 ND America/North_Dakota/Beulah
58549-58552 ND America/Chicago
58554 ND America/North_Dakota/New_Salem
58558-58561 ND America/Chicago
58562 ND America/Denver
58563 ND America/Denver America/North_Dakota/New_Salem
58564 ND America/Denver America/Chicago
58565 ND America/North_Dakota/Beulah
58566 ND America/North_Dakota/New_Salem
58568 ND America/Chicago America/Denver
58569 ND America/Denver America/Chicago
58570 ND America/Chicago
58571 ND America/North_Dakota/Beulah
58572-58579 ND America/Chicago
58580 ND America/North_Dakota/Beulah
58581 ND America/Chicago
58601-58623 ND America/Denver
58625 ND America/Denver America/North_Dakota/Beulah
58626-58630 ND America/Denver
58631 ND America/Denver America/North_Dakota/Beulah
58632-58634 ND America/Denver
58636 ND America/Denver America/North_Dakota/Beulah
58638 ND America/North_Dakota/Beulah America/Denver
58639-58643 ND America/Denver
58644 ND America/Denver America/North_Dakota/Beulah
58645-58651 ND America/Denver
58652 ND America/Denver America/North_Dakota/Beulah
58653-58655 ND America/Denver
58656 ND America/Denver America/North_Dakota/Beulah
58701-58750 ND America/Chicago
58755 ND America/Chicago America/Denver
58756 ND America/Chicago
58757 ND America/Denver America/Chicago
58758-58773 ND America/Chicago
58775 ND America/North_Dakota/Beulah
58776-58794 ND America/Chicago
58795 ND America/Denver America/Chicago
58801-58845 ND America/Denver
58847 ND America/Chicago America/Denver
58849 ND America/Denver America/Chicago
58852 ND America/Chicago America/Denver
58853 ND America/Denver
58854 ND America/Denver America/Chicago
58856 ND America/Denver
59001-59722 MT America/Denver
59724 MT America/Boise
59725-59736 MT America/Denver
59739 MT America/Boise
59740-59812 MT America/Denver
59820 MT America/Denver America/Los_Angeles
59821-59828 MT America/Denver
59829 MT America/Denver America/Los_Angeles
59830-59840 MT America/Denver
59841 MT America/Denver America/Los_Angeles
59842-59937 MT America/Denver
60001-60924 IL America/Chicago
60926 IL America/Chicago America/Indiana/Indianapolis
60927-60930 IL America/Chicago
60931-60932 IL America/Chicago America/Indiana/Indianapolis
60933-60938 IL America/Chicago
60939 IL America/Chicago America/Indiana/Indianapolis
60940-60941 IL America/Chicago
60942 IL America/Chicago America/Indiana/Indianapolis
60944 IL America/Chicago
60945 IL America/Chicago America/Indiana/Indianapolis
60946-60952 IL America/Chicago
60953 IL America/Chicago America/Indiana/Indianapolis
60954-60962 IL America/Chicago
60963 IL America/Chicago America/Indiana/Indianapolis
60964 IL America/Chicago
60966-60967 IL America/Indiana/Indianapolis America/Chicago
60968-60969 IL America/Chicago
60970 IL America/Chicago America/Indiana/Indianapolis
60973 IL America/Indiana/Indianapolis America/Chicago
60974 IL America/Chicago America/Indiana/Indianapolis
61001-61810 IL America/Chicago
61811 IL America/Chicago America/Indiana/Indianapolis
61812-61813 IL America/Chicago
61814 IL America/Chicago America/Indiana/Indianapolis
61815-61831 IL America/Chicago
61832-61834 IL America/Chicago America/Indiana/Indianapolis
61839-61847 IL America/Chicago
61848 IL America/Chicago America/Indiana/Indianapolis
61849-61866 IL America/Chicago
61870 IL America/Chicago America/Indiana/Indianapolis
61871-61882 IL America/Chicago
61883 IL America/Chicago America/Indiana/Indianapolis
61884-61920 IL America/Chicago
61924 IL America/Chicago America/Indiana/Indianapolis
61925-61943 IL America/Chicago
61944 IL America/Chicago America/Indiana/Indianapolis
61949-61953 IL America/Chicago
61955 IL America/Chicago America/Indiana/Indianapolis
61956-62401 IL America/Chicago
62410 IL America/Chicago America/Indiana/Vincennes
62411 IL America/Chicago
62413 IL America/Chicago America/Indiana/Indianapolis
62414 IL America/Chicago
62417 IL America/Chicago America/Indiana/Vincennes
62418-62422 IL America/Chicago
62423 IL America/Chicago America/Indiana/Indianapolis
62424-62426 IL America/Chicago
62427 IL America/Chicago America/Indiana/Indianapolis
62428-62432 IL America/Chicago
62433 IL America/Chicago America/Indiana/Indianapolis
62434-62438 IL America/Chicago
62439 IL America/Chicago America/Indiana/Vincennes
62440 IL America/Chicago
62441 IL America/Chicago America/Indiana/Indianapolis
62442-62450 IL America/Chicago
62451 IL America/Indiana/Indianapolis America/Chicago
62452 IL America/Chicago
62454 IL America/Chicago America/Indiana/Indianapolis
62458-62476 IL America/Chicago
62477 IL America/Indiana/Indianapolis America/Chicago
62478 IL America/Chicago America/Indiana/Indianapolis
62479-62999 IL America/Chicago
63001-65899 MO America/Chicago
66002-67730 KS America/Chicago
67731 KS America/Denver
67732 KS America/Denver America/Chicago
67733 KS America/Denver
67734 KS America/Chicago
67735 KS America/Denver
67736-67740 KS America/Chicago
67741 KS America/Denver
67743 KS America/Chicago America/Denver
67744 KS America/Chicago
67745 KS America/Denver America/Chicago
67747-67753 KS America/Chicago
67756 KS America/Denver
67757 KS America/Chicago
67758-67762 KS America/Denver
67764 KS America/Chicago America/Denver
67801-67835 KS America/Chicago
67836 KS America/Denver
67837 KS America/Chicago
67838 KS America/Chicago America/Denver
67839-67854 KS America/Chicago
67855 KS America/Denver America/Chicago
67857 KS America/Denver
67859 KS America/Chicago
67860-67862 KS America/Denver America/Chicago
67863 KS America/Chicago America/Denver
67864-67877 KS America/Chicago
67878-67879 KS America/Denver
67880 KS America/Denver America/Chicago
67882-67954 KS America/Chicago
68001-69020 NE America/Chicago
69021 NE America/Denver
69022 NE America/Chicago
69023 NE America/Denver
69024-69026 NE America/Chicago
69027 NE America/Denver
69028-69029 NE America/Chicago
69030 NE America/Denver
69032 NE America/Chicago
69033 NE America/Denver
69034-69036 NE America/Chicago
69037 NE America/Denver America/Chicago
69038-69039 NE America/Chicago
69040 NE America/Chicago America/Denver
69041 NE America/Denver
69042 NE America/Chicago
69043 NE America/Chicago America/Denver
69044 NE America/Chicago
69045 NE America/Denver America/Chicago
69046-69120 NE America/Chicago
69121-69122 NE America/Denver
69123 NE America/Chicago
69125-69129 NE America/Denver
69130 NE America/Chicago
69131 NE America/Denver
69132 NE America/Chicago
69133 NE America/Denver
69134 NE America/Denver America/Chicago
69135-69138 NE America/Chicago
69140-69141 NE America/Denver
69142-69143 NE America/Chicago
69144-69150 NE America/Denver
69151-69152 NE America/Chicago
69153-69154 NE America/Denver
69155 NE America/Denver America/Chicago
69156 NE America/Denver
69157 NE America/Chicago
69160 NE America/Denver
69161 NE America/Chicago
69162 NE America/Denver
69163 NE America/Chicago
69165 NE America/Chicago America/Denver
69166-69167 NE America/Chicago
69168 NE America/Denver
69169 NE America/Chicago America/Denver
69170-69171 NE America/Chicago
69190 NE America/Denver
69201-69210 NE America/Chicago
69211 NE America/Denver America/Chicago
69212-69217 NE America/Chicago
69218 NE America/Denver
69219 NE America/Chicago America/Denver
69220-69221 NE America/Chicago
69301-69367 NE America/Denver
70001-71497 LA America/Chicago
71601-72959 AR America/Chicago
73001-73199 OK America/Chicago
73301-73344 TX America/Chicago
73401-73932 OK America/Chicago
73933 OK America/Denver
73937 OK America/Denver America/Chicago
73938-73945 OK America/Chicago
73946 OK America/Denver
73947 OK America/Denver America/Chicago
73949-73951 OK America/Chicago
73960 TX America/Chicago
74001-74966 OK America/Chicago
75001-79046 TX America/Chicago
79051 TX America/Chicago America/Denver
79052-79086 TX America/Chicago
79087 TX America/Chicago America/Denver
79088-79313 TX America/Chicago
79314 TX America/Chicago America/Denver
79316-79324 TX America/Chicago
79325 TX America/Chicago America/Denver
79326-79744 TX America/Chicago
79745 TX America/Chicago America/Denver
79748-79769 TX America/Chicago
79770 TX America/Chicago America/Denver
79772-79788 TX America/Chicago
79789 TX America/Chicago America/Denver
79821 TX America/Denver
79830-79834 TX America/Chicago
79835-79839 TX America/Denver
79842-79846 TX America/Chicago
79847 TX America/Denver
79848 TX America/Chicago
79849-79851 TX America/Denver
79852 TX America/Chicago
79853 TX America/Denver
79854-79855 TX America/Chicago
79901-79999 TX America/Denver
80001-81089 CO America/Denver
81090 CO America/Denver America/Chicago
81091-81658 CO America/Denver
82001-82945 WY America/Denver
83001-83002 WY America/Boise
83011 WY America/Denver
83012 WY America/Boise
83013 WY America/Denver
83014-83025 WY America/Boise
83101 WY America/Denver
83110-83112 WY America/Boise
83113-83116 WY America/Denver
83118-83120 WY America/Boise
83121 WY America/Denver
83122 WY America/Boise
83123-83124 WY America/Denver
83126-83128 WY America/Boise
83201-83221 ID America/Boise
83223 ID America/Denver
83226-83228 ID America/Boise
83229 ID America/Denver America/Los_Angeles
83230-83232 ID America/Boise
83233 ID America/Denver
83234-83241 ID America/Boise
83243 ID America/Denver
83244-83251 ID America/Boise
83252 ID America/Denver
83253-83271 ID America/Boise
83272 ID America/Denver
83274-83286 ID America/Boise
83287 ID America/Denver
83301 ID America/Boise
83302 ID America/Boise America/Los_Angeles
83303-83311 ID America/Boise
83312 ID America/Denver
83313-83406 ID America/Boise
83414 WY America/Boise
83415-83428 ID America/Boise
83429 ID America/Denver
83431-83460 ID America/Boise
83462-83463 ID America/Denver
83464-83465 ID America/Boise
83466-83467 ID America/Denver
83468 ID America/Boise
83469 ID America/Denver America/Los_Angeles
83501-83520 ID America/Los_Angeles
83522 ID America/Los_Angeles America/Boise
83523-83526 ID America/Los_Angeles
83530-83531 ID America/Los_Angeles America/Boise
83533-83541 ID America/Los_Angeles
83542 ID America/Boise America/Los_Angeles
83543-83546 ID America/Los_Angeles
83547 ID America/Boise America/Los_Angeles
83548 ID America/Los_Angeles
83549 ID America/Boise America/Los_Angeles
83552-83553 ID America/Los_Angeles
83554 ID America/Boise America/Los_Angeles
83555 ID America/Los_Angeles
83601-83637 ID America/Boise
83638 ID America/Boise America/Los_Angeles
83639-83653 ID America/Boise
83654 ID America/Boise America/Los_Angeles
83655-83670 ID America/Boise
83671 ID America/Los_Angeles
83672-83676 ID America/Boise
83677 ID America/Boise America/Los_Angeles
83680-83799 ID America/Boise
83801 ID America/Los_Angeles
83802 ID America/Denver
83803-83804 ID America/Los_Angeles
83805 ID America/Los_Angeles America/Denver
83806 ID America/Los_Angeles
83808 ID America/Denver America/Los_Angeles
83809 ID America/Los_Angeles
83810 ID America/Los_Angeles America/Denver
83811 ID America/Denver America/Los_Angeles
83812 ID America/Los_Angeles America/Denver
83813-83825 ID America/Los_Angeles
83827-83830 ID America/Los_Angeles America/Denver
83832-83835 ID America/Los_Angeles
83836 ID America/Los_Angeles America/Denver
83837 ID America/Denver America/Los_Angeles
83839 ID America/Los_Angeles America/Denver
83840-83844 ID America/Los_Angeles
83845 ID America/Denver America/Los_Angeles
83846 ID America/Denver
83847 ID America/Los_Angeles America/Denver
83848 ID America/Los_Angeles
83849 ID America/Denver
83850 ID America/Los_Angeles America/Denver
83851-83865 ID America/Los_Angeles
83866 ID America/Los_Angeles America/Denver
83867 ID America/Denver
83868 ID America/Denver America/Los_Angeles
83869-83872 ID America/Los_Angeles
83873-83874 ID America/Denver
83876-83877 ID America/Los_Angeles
84001-84082 UT America/Denver
84083 UT America/Denver America/Los_Angeles
84084-84732 UT America/Denver
84733 UT America/Denver America/Los_Angeles
84734-84764 UT America/Denver
84765 UT America/Denver America/Phoenix
84766-84767 UT America/Denver
84770-84771 UT America/Denver America/Phoenix
84772-84779 UT America/Denver
84780 UT America/Denver America/Phoenix
84781-84784 UT America/Denver
84790-84791 UT America/Denver America/Phoenix
85001-85327 AZ America/Phoenix
85328 AZ America/Los_Angeles
85329-85333 AZ America/Phoenix
85334 AZ America/Los_Angeles America/Phoenix
85335-85343 AZ America/Phoenix
85344 AZ America/Phoenix America/Los_Angeles
85345-85358 AZ America/Phoenix
85359 AZ America/Phoenix America/Los_Angeles
85360-85363 AZ America/Phoenix
85364-85366 AZ America/Phoenix America/Los_Angeles
85367 AZ America/Phoenix
85369-85371 AZ America/Los_Angeles America/Phoenix
85372-85532 AZ America/Phoenix
85533 AZ America/Phoenix America/Denver
85534 AZ America/Denver America/Phoenix
85535-85539 AZ America/Phoenix
85540 AZ America/Phoenix America/Denver
85541-85912 AZ America/Phoenix
85920 AZ America/Phoenix America/Denver
85922 AZ America/Denver America/Phoenix
85923-85931 AZ America/Phoenix
85932 AZ America/Phoenix America/Denver
85933-85935 AZ America/Phoenix
85936 AZ America/Phoenix America/Denver
85937 AZ America/Phoenix
85938 AZ America/Phoenix America/Denver
85939-86015 AZ America/Phoenix
86016 AZ America/Phoenix America/Denver
86017-86018 AZ America/Phoenix
86020 AZ America/Denver America/Phoenix
86021-86022 AZ America/Denver
86023-86025 AZ America/Phoenix
86028 AZ America/Denver America/Phoenix
86029 AZ America/Phoenix
86030 AZ America/Denver
86031-86032 AZ America/Phoenix
86033-86036 AZ America/Denver
86038 AZ America/Phoenix
86039 AZ America/Denver
86040 AZ America/Phoenix America/Denver
86042-86045 AZ America/Denver
86046 AZ America/Phoenix
86047 AZ America/Phoenix America/Denver
86052 AZ America/Phoenix
86053-86054 AZ America/Denver
86301-86402 AZ America/Phoenix
86403-86406 AZ America/Phoenix America/Los_Angeles
86409-86413 AZ America/Phoenix
86426-86430 AZ America/Phoenix America/Los_Angeles
86431 AZ America/Phoenix
86432 AZ America/Los_Angeles America/Phoenix
86433-86435 AZ America/Phoenix
86436 AZ America/Phoenix America/Los_Angeles
86437-86438 AZ America/Phoenix
86439-86440 AZ America/Phoenix America/Los_Angeles
86441 AZ America/Phoenix
86442 AZ America/Phoenix America/Los_Angeles
86443-86444 AZ America/Phoenix
86445-86446 AZ America/Phoenix America/Los_Angeles
86502 AZ America/Denver America/Phoenix
86503-86511 AZ America/Denver
86512 AZ America/Denver America/Phoenix
86514-86540 AZ America/Denver
86544 AZ America/Denver America/Phoenix
86545-86547 AZ America/Denver
86555 AZ America/Phoenix
86556 AZ America/Denver
87001-87823 NM America/Denver
87824 NM America/Denver America/Phoenix
87825-88007 NM America/Denver
88009 NM America/Denver America/Phoenix
88011-88044 NM America/Denver
88045 NM America/Denver America/Phoenix
88046-88054 NM America/Denver
88055-88056 NM America/Denver America/Phoenix
88058-88081 NM America/Denver
88101-88102 NM America/Denver America/Chicago
88103 NM America/Denver
88112 NM America/Denver America/Chicago
88113 NM America/Chicago America/Denver
88114-88122 NM America/Denver
88123 NM America/Denver America/Chicago
88124 NM America/Denver
88125 NM America/Denver America/Chicago
88126-88130 NM America/Denver
88132 NM America/Denver America/Chicago
88133-88134 NM America/Denver
88135 NM America/Chicago America/Denver
88136-88230 NM America/Denver
88231 NM America/Denver America/Chicago
88232 NM America/Denver
88240-88244 NM America/Denver America/Chicago
88250 NM America/Denver
88252 NM America/Denver America/Chicago
88253-88401 NM America/Denver
88410-88411 NM America/Denver America/Chicago
88414 NM America/Denver
88415 NM America/Denver America/Chicago
88416-88427 NM America/Denver
88430 NM America/Denver America/Chicago
88431-88433 NM America/Denver
88434 NM America/Denver America/Chicago
88435 NM America/Denver
88436 NM America/Denver America/Chicago
88439 NM America/Denver
88510-88595 TX America/Denver
88901-89004 NV America/Los_Angeles
89005 NV America/Los_Angeles America/Phoenix
89006-89007 NV America/Los_Angeles
89008 NV America/Los_Angeles America/Denver
89009-89020 NV America/Los_Angeles
89021 NV America/Los_Angeles America/Phoenix
89022-89023 NV America/Los_Angeles
89024 NV America/Los_Angeles America/Phoenix
89025-89028 NV America/Los_Angeles
89029 NV America/Los_Angeles America/Phoenix
89030-89033 NV America/Los_Angeles
89034 NV America/Los_Angeles America/Phoenix
89036-89039 NV America/Los_Angeles
89040 NV America/Los_Angeles America/Phoenix
89041 NV America/Los_Angeles
89042-89043 NV America/Los_Angeles America/Denver
89044-89310 NV America/Los_Angeles
89311 NV America/Denver America/Los_Angeles
89314-89828 NV America/Los_Angeles
89830 NV America/Denver America/Los_Angeles
89831-89835 NV America/Los_Angeles
89883 NV America/Denver America/Los_Angeles
90001-92220 CA America/Los_Angeles
92222 CA America/Los_Angeles America/Phoenix
92223-92241 CA America/Los_Angeles
92242 CA America/Phoenix America/Los_Angeles
92243-92266 CA America/Los_Angeles
92267 CA America/Los_Angeles America/Phoenix
92268-92359 CA America/Los_Angeles
92363 CA America/Phoenix America/Los_Angeles
92364-96162 CA America/Los_Angeles
96201-96698
96701-96863 HI Pacific/Honolulu
96910-96932 GU Pacific/Guam
96939-96940 PW Pacific/Palau
96941 FM Pacific/Pohnpei
96942-96943 FM Pacific/Chuuk
96944 FM Pacific/Kosrae
96950 MP Pacific/Saipan
96951 MP Pacific/Guam
96952 MP Pacific/Saipan
96960-96970 MH Pacific/Majuro
97001-97833 OR America/Los_Angeles
97834 OR America/Boise America/Los_Angeles
97835-97839 OR America/Los_Angeles
97840 OR America/Boise America/Los_Angeles
97841 OR America/Los_Angeles
97842 OR America/Los_Angeles America/Boise
97843-97869 OR America/Los_Angeles
97870 OR America/Los_Angeles America/Boise
97873-97886 OR America/Los_Angeles
97901-97902 OR America/Boise
97903-97905 OR America/Los_Angeles
97906 OR America/Boise
97907 OR America/Los_Angeles America/Boise
97908-97909 OR America/Los_Angeles
97910 OR America/Boise
97911 OR America/Boise America/Los_Angeles
97913-97914 OR America/Boise
97917-97920 OR America/Boise America/Los_Angeles
98001-99403 WA America/Los_Angeles
99501-99545 AK America/Anchorage
99546-99547 AK America/Adak
99548-99550 AK America/Anchorage
99551 AK America/Nome
99552 AK America/Anchorage
99553-99554 AK America/Nome
99555-99558 AK America/Anchorage
99559-99563 AK America/Nome
99564-99569 AK America/Anchorage
99571 AK America/Nome
99572-99577 AK America/Anchorage
99578 AK America/Nome
99579-99580 AK America/Anchorage
99581-99585 AK America/Nome
99586-99590 AK America/Anchorage
99591 AK America/Nome
99599-99603 AK America/Anchorage
99604 AK America/Nome
99605-99608 AK America/Anchorage
99609 AK America/Nome
99610-99611 AK America/Anchorage
99612 AK America/Nome
99613 AK America/Anchorage
99614 AK America/Nome
99615-99619 AK America/Anchorage
99620-99622 AK America/Nome
99623-99629 AK America/Anchorage
99630 AK America/Nome
99631 AK America/Anchorage
99632 AK America/Nome
99633 AK America/Anchorage
99634 AK America/Nome
99635-99636 AK America/Anchorage
99637 AK America/Nome
99638 AK America/Adak America/Nome
99639-99640 AK America/Anchorage
99641 AK America/Nome
99643-99649 AK America/Anchorage
99650 AK America/Nome
99651-99656 AK America/Anchorage
99657-99660 AK America/Nome
99661 AK America/Anchorage
99662 AK America/Nome
99663-99665 AK America/Anchorage
99666 AK America/Nome
99667-99670 AK America/Anchorage
99671 AK America/Nome
99672-99679 AK America/Anchorage
99680-99681 AK America/Nome
99682-99684 AK America/Anchorage
99685 AK America/Nome
99686-99688 AK America/Anchorage
99690 AK America/Nome
99691 AK America/Anchorage
99692 AK America/Nome
99693-99734 AK America/Anchorage
99736 AK America/Nome
99737-99738 AK America/Anchorage
99739 AK America/Nome
99740-99749 AK America/Anchorage
99750 AK America/Nome
99751 AK America/Anchorage
99752 AK America/Nome
99753-99758 AK America/Anchorage
99759 AK America/Nome
99760 AK America/Anchorage
99761-99762 AK America/Nome
99763-99765 AK America/Anchorage
99766 AK America/Nome
99767-99768 AK America/Anchorage
99769 AK America/Nome
99770-99771 AK America/Anchorage
99772 AK America/Nome
99773-99777 AK America/Anchorage
99778 AK America/Nome
99779-99782 AK America/Anchorage
99783-99785 AK America/Nome
99786-99791 AK America/Anchorage
99801-99812 AK America/Juneau
99820 AK America/Sitka
99821-99827 AK America/Juneau
99829-99836 AK America/Sitka
99840 AK America/Juneau
99841 AK America/Sitka
99850 AK America/Juneau
99901-99950 AK America/Sitka
`

/** Canadian postal codes by their first three characters: province and zones, then the codes. */
export const CANADIAN_CODES = `
NL America/St_Johns A0A A0B A0C A0E A0G A0H A0J A0K A0L A0M A0N A1A A1B A1C A1E A1G A1H A1K A1L A1M A1N A1S A1V A1W A1X A1Y A2A A2B A2H A2N A5A A8A
NL America/Goose_Bay A0P A0R A2V
NS America/Glace_Bay B0C B0E B0H B0J B1A B1B B1C B1E B1G B1H B1J B1K B1L B1M B1N B1P B1R B1S B1T B1V B1W B1X B1Y B2A B9A
NS America/Halifax B0K B0L B0N B0R B0S B0T B0V B0W B2C B2E B2G B2H B2J B2N B2R B2S B2T B2V B2W B2X B2Y B2Z B3A B3B B3E B3G B3H B3J B3K B3L B3M B3N B3P B3R B3S B3T B3V B3Z B4A B4B B4C B4E B4G B4H B4N B4P B4R B4V B5A
NS America/Moncton B0M B0P
PE America/Halifax C0A C0B C1A C1B C1C C1E C1N
NB America/Moncton E1A E1B E1C E1E E1G E1J E1N E1V E1W E1X E2A E2G E2J E2K E2L E2M E2N E2P E2R E2S E2V E3A E3B E3E E3L E3V E3Y E3Z E4A E4B E4C E4E E4G E4H E4J E4R E4S E4T E4W E4X E4Y E4Z E5A E5B E5C E5E E5G E5H E5J E5K E5L E5M E5N E5P E5R E5S E5T E5V E6A E6B E6C E6E E6G E6H E6J E6K E6L E7B E7C E7E E7G E7H E7J E7K E7L E7M E7N E7P E8A E8B E8K E8L E8M E8N E8P E8R E8S E8T E9A E9B E9C E9E E9G E9H
NB America/Toronto E3N E8C E8E
NB America/Halifax E4K E4L E4M E4N E4P E4V
NB America/Toronto America/Moncton E8G
NB America/Moncton America/Toronto E8J
QC America/Toronto G0A G0E G0G G0H G0J G0K G0M G0N G0P G0R G0S G0T G0V G0W G0X G0Y G0Z G1A G1B G1C G1E G1G G1H G1J G1K G1L G1M G1N G1P G1R G1S G1T G1V G1W G1X G1Y G2A G2B G2C G2E G2G G2J G2K G2L G2M G2N G3A G3E G3G G3H G3J G3K G3L G3M G3Z G4A G4R G4S G4V G4W G4Z G5A G5B G5C G5H G5J G5L G5M G5N G5R G5V G5X G5Y G5Z G6A G6B G6C G6E G6G G6H G6J G6K G6L G6P G6R G6S G6T G6V G6W G6X G6Z G7A G7B G7G G7H G7J G7K G7N G7P G7S G7T G7X G7Y G7Z G8A G8B G8C G8E G8G G8H G8J G8K G8L G8M G8N G8P G8T G8V G8W G8Y G8Z G9A G9B G9C G9H G9N G9P G9R G9T G9X H0M H1A H1B H1C H1E H1G H1H H1J H1K H1L H1M H1N H1P H1R H1S H1T H1V H1W H1X H1Y H1Z H2A H2B H2C H2E H2G H2H H2J H2K H2L H2M H2N H2P H2R H2S H2T H2V H2W H2X H2Y H2Z H3A H3B H3C H3E H3G H3H H3J H3K H3L H3M H3N H3P H3R H3S H3T H3V H3W H3X H3Y H3Z H4A H4B H4C H4E H4G H4H H4J H4K H4L H4M H4N H4P H4R H4S H4T H4V H4W H4X H4Y H4Z H5A H5B H7A H7B H7C H7E H7G H7H H7J H7K H7L H7M H7N H7P H7R H7S H7T H7V H7W H7X H7Y H8N H8P H8R H8S H8T H8Y H8Z H9A H9B H9C H9E H9G H9H H9J H9K H9P H9R H9S H9W H9X J0A J0B J0C J0E J0G J0H J0J J0K J0L J0N J0P J0R J0S J0T J0V J0W J0X J0Y J0Z J1A J1E J1G J1H J1J J1K J1L J1M J1N J1S J1T J1X J1Z J2A J2B J2C J2E J2G J2H J2J J2K J2L J2N J2R J2S J2T J2W J2X J2Y J3A J3B J3E J3G J3H J3L J3M J3N J3P J3R J3T J3V J3X J3Y J3Z J4B J4G J4H J4J J4K J4L J4M J4N J4P J4R J4S J4T J4V J4W J4X J4Y J4Z J5A J5B J5J J5K J5L J5M J5R J5T J5V J5W J5X J5Y J5Z J6A J6E J6J J6K J6N J6R J6S J6T J6V J6W J6X J6Y J6Z J7A J7B J7C J7E J7G J7H J7J J7K J7L J7M J7N J7P J7R J7T J7V J7X J7Y J7Z J8A J8B J8C J8E J8G J8H J8L J8M J8N J8P J8R J8T J8V J8X J8Y J8Z J9A J9B J9E J9H J9J J9L J9P J9T J9V J9X J9Y J9Z
QC America/Halifax G0B G4T
QC America/Toronto America/Moncton G0C G4X
QC America/Iqaluit J0M
ON America/Toronto K0A K0B K0E K0G K0J K0L K0M K1A K1B K1C K1E K1G K1H K1J K1K K1L K1M K1N K1P K1R K1S K1T K1V K1W K1X K1Y K1Z K2A K2B K2C K2E K2G K2H K2J K2K K2L K2M K2P K2R K2S K2T K2V K2W K4A K4B K4C K4K K4M K4P K4R K6A K6H K6J K6K K6T K6V K7A K7C K7G K7H K7K K7L K7M K7N K7P K7R K7S K7V K8A K8B K8H K8N K8P K8R K8V K9A K9H K9J K9K K9L K9V L0A L0B L0C L0E L0G L0H L0J L0K L0L L0M L0N L0P L0R L0S L1A L1B L1C L1E L1G L1H L1J L1K L1L L1M L1N L1P L1R L1S L1T L1V L1W L1X L1Y L1Z L2A L2G L2H L2J L2M L2N L2P L2R L2S L2T L2V L2W L3B L3C L3K L3M L3P L3R L3S L3T L3V L3X L3Y L3Z L4A L4B L4C L4E L4G L4H L4J L4K L4L L4M L4N L4P L4R L4S L4T L4V L4W L4X L4Y L4Z L5A L5B L5C L5E L5G L5H L5J L5K L5L L5M L5N L5P L5R L5S L5T L5V L5W L6A L6B L6C L6E L6G L6H L6J L6K L6L L6M L6P L6R L6S L6T L6V L6W L6X L6Y L6Z L7A L7B L7C L7E L7G L7J L7L L7M L7N L7P L7R L7S L7T L8E L8G L8H L8J L8K L8L L8M L8N L8P L8R L8S L8T L8V L8W L9A L9B L9C L9G L9H L9K L9L L9M L9N L9P L9R L9S L9T L9V L9W L9Y L9Z M1B M1C M1E M1G M1H M1J M1K M1L M1M M1N M1P M1R M1S M1T M1V M1W M1X M2H M2J M2K M2L M2M M2N M2P M2R M3A M3B M3C M3H M3J M3K M3L M3M M3N M4A M4B M4C M4E M4G M4H M4J M4K M4L M4M M4N M4P M4R M4S M4T M4V M4W M4X M4Y M5A M5B M5C M5E M5G M5H M5J M5K M5L M5M M5N M5P M5R M5S M5T M5V M5W M5X M6A M6B M6C M6E M6G M6H M6J M6K M6L M6M M6N M6P M6R M6S M7A M7Y M8V M8W M8X M8Y M8Z M9A M9B M9C M9L M9M M9N M9P M9R M9V M9W N0A N0B N0C N0E N0G N0H N0J N0K N0L N0M N0N N0P N0R N1A N1C N1E N1G N1H N1K N1L N1M N1P N1R N1S N1T N2A N2B N2C N2E N2G N2H N2J N2K N2L N2M N2N N2P N2R N2T N2V N2Z N3A N3B N3C N3E N3H N3L N3P N3R N3S N3T N3V N3W N3Y N4B N4G N4K N4L N4N N4S N4T N4V N4W N4X N4Z N5A N5C N5H N5L N5P N5R N5V N5W N5X N5Y N5Z N6A N6B N6C N6E N6G N6H N6J N6K N6L N6M N6N N6P N7A N7G N7L N7M N7S N7T N7V N7W N7X N8A N8H N8M N8N N8P N8R N8S N8T N8V N8W N8X N8Y N9A N9B N9E N9G N9H N9J N9V N9Y P0A P0B P0C P0E P0G P0H P0J P0K P0N P0P P0R P0S P0T P1A P1B P1C P1H P1L P1P P2A P2B P2N P3A P3B P3C P3E P3G P3L P3N P3P P3Y P4N P4P P4R P5A P5E P5N P6A P6B P6C P7A P7B P7C P7E P7G P7J P7K
ON America/Iqaluit P0L
ON America/Winnipeg America/Toronto P0V
ON America/Winnipeg P0W P0X P0Y P8N P8T P9A P9N
MB America/Winnipeg R0A R0B R0C R0E R0G R0H R0J R0K R0L R1A R1B R1N R2C R2E R2G R2H R2J R2K R2L R2M R2N R2P R2R R2V R2W R2X R2Y R3A R3B R3C R3E R3G R3H R3J R3K R3L R3M R3N R3P R3R R3S R3T R3V R3W R3X R3Y R4A R4H R4J R4K R4L R5A R5G R5H R6M R6W R7A R7B R7C R7N R8A R8N R9A
MB America/Regina America/Winnipeg R0M
SK America/Regina S0A S0C S0E S0G S0H S0K S2V S3N S4A S4H S4L S4N S4P S4R S4S S4T S4V S4W S4X S4Y S4Z S6H S6J S6K S6V S6W S6X S7H S7J S7K S7L S7M S7N S7P S7R S7S S7T S7V
SK America/Swift_Current S0J S0L S0M S0N S9A S9H S9X
SK America/Winnipeg America/Regina S0P
SK America/Edmonton S9V
AB America/Edmonton T0A T0B T0E T0G T0H T0K T0L T0M T0P T0V T1G T1H T1J T1K T1L T1M T1P T1R T1S T1V T1W T1X T1Y T2A T2B T2C T2E T2G T2H T2J T2K T2L T2M T2N T2P T2R T2S T2T T2V T2W T2X T2Y T2Z T3A T3B T3C T3E T3G T3H T3J T3K T3L T3M T3N T3P T3R T3Z T4A T4B T4C T4E T4G T4H T4J T4L T4N T4P T4R T4S T4T T4V T4X T5A T5B T5C T5E T5G T5H T5J T5K T5L T5M T5N T5P T5R T5S T5T T5V T5W T5X T5Y T5Z T6A T6B T6C T6E T6G T6H T6J T6K T6L T6M T6N T6P T6R T6S T6T T6V T6W T6X T7A T7E T7N T7P T7S T7V T7X T7Y T7Z T8A T8B T8C T8E T8G T8H T8L T8N T8R T8S T8V T8W T8X T9A T9C T9E T9G T9H T9J T9K T9N T9S T9V T9W T9X
AB America/Swift_Current T0C
AB America/Edmonton America/Swift_Current T0J T1A T1B T1C
AB America/Regina America/Edmonton T9M
BC America/Edmonton V0A V1A V1C
BC America/Creston V0B
BC America/Dawson_Creek V0C V1G V1J
BC America/Vancouver V0E V0H V0J V0K V0L V0M V0P V0R V0S V0T V0V V0W V0X V1B V1E V1H V1K V1M V1N V1P V1R V1S V1T V1V V1W V1X V1Y V1Z V2A V2B V2C V2E V2G V2H V2J V2K V2L V2M V2N V2P V2R V2S V2T V2V V2W V2X V2Y V2Z V3A V3B V3C V3E V3G V3H V3J V3K V3L V3M V3N V3R V3S V3T V3V V3W V3X V3Y V4A V4B V4C V4E V4G V4K V4L V4M V4N V4P V4R V4S V4T V4V V4W V4X V4Z V5A V5B V5C V5E V5G V5H V5J V5K V5L V5M V5N V5P V5R V5S V5T V5V V5W V5X V5Y V5Z V6A V6B V6C V6E V6G V6H V6J V6K V6L V6M V6N V6P V6R V6S V6T V6V V6W V6X V6Y V6Z V7A V7B V7C V7E V7G V7H V7J V7K V7L V7M V7N V7P V7R V7S V7T V7V V7W V7X V7Y V8A V8B V8C V8G V8J V8K V8L V8M V8N V8P V8R V8S V8T V8V V8W V8X V8Y V8Z V9A V9B V9C V9E V9G V9H V9J V9K V9L V9M V9N V9P V9R V9S V9T V9V V9W V9X V9Y
BC America/Vancouver America/Creston V0G V1L
- America/Iqaluit X0A
- America/Cambridge_Bay X0B
- America/Rankin_Inlet X0C
- America/Edmonton X0E X1A
- America/Inuvik X0G
YT America/Whitehorse Y0A Y1A
YT America/Dawson Y0B
`

/** Area codes of the numbering plan by the states and provinces that they serve. */
export const AREA_CODES = `
CA-AB 368 403 587 780 825
CA-BC 236 250 604 672 778
CA-MB 204 431 584
CA-NB 428 506
CA-NL 709 879
CA-NS+CA-PE 902
CA-NT+CA-NU+CA-YT 867
CA-ON 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942
CA-QC 263 354 367 418 438 450 468 514 579 581 819 873
CA-SK 306 474 639
US-AK 907
US-AL 205 251 256 334 659 938
US-AR 327 479 501 870
US-AZ 480 520 602 623 928
US-CA 209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951
US-CO 303 719 720 748 970 983
US-CT 203 475 860 959
US-DC 202 771
US-DE 302
US-FL 239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954
US-GA 229 404 470 478 678 706 762 770 912 943
US-HI 808
US-IA 319 515 563 641 712
US-ID 208 986
US-IL 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872
US-IN 219 260 317 463 574 765 812 930
US-KS 316 620 785 913
US-KY 270 364 502 606 859
US-LA 225 318 337 504 985
US-MA 339 351 413 508 617 774 781 857 978
US-MD 227 240 301 410 443 667
US-ME 207
US-MI 231 248 269 313 517 586 616 734 810 906 947 989
US-MN 218 320 507 612 651 763 952
US-MO 235 314 417 557 573 636 660 816 975
US-MS 228 601 662 769
US-MT 406
US-NC 252 336 472 704 743 828 910 919 980 984
US-ND 701
US-NE 308 402 531
US-NH 603
US-NJ+US-NY 201
US-NJ 551 609 640 732 848 856 862 908 973
US-NM 505 575
US-NV 702 725 775
US-NY 212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934
US-OH 216 220 234 283 326 330 380 419 440 513 567 614 740 937
US-OK 405 539 572 580 918
US-OR 458 503 541 971
US-PA 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
US-RI 401
US-SC 803 821 839 843 854 864
US-SD 605
US-TN 423 615 629 731 865 901 931
US-TX 210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979
US-UT 385 435 801
US-VA 276 434 540 571 686 703 757 804 826 948
US-VI 340
US-VT 802
US-WA 206 253 360 425 509 564
US-WI 262 274 353 414 534 608 715 920
US-WV 304 681
US-WY 307
`
